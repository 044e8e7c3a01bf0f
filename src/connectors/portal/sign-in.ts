import { Failure } from '../../domain/failure.ts';
import type { Challenge } from '../../domain/challenge.ts';
import type { FailureCode } from '../../domain/failure-catalogue.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, SignIn, SignInRequest, SignInState } from '../connector.ts';
import { addressOf } from './addresses.ts';
import { actChallenge, appChallenge, choiceChallenge, codeChallenge } from './challenge.ts';
import { openBrowser, type PortalBrowser, type PortalPage } from './client.ts';
import { failureOfLogin, failureOfReturn, isMissing, problemOf, unknownPage } from './errors.ts';
import { findForm } from './form.ts';
import { layouts, type LayoutName } from './layouts.ts';
import { logIn } from './log-in.ts';
import { recognise } from './recognise.ts';
import { findSession, readSession, type PortalSession } from './session.ts';

type SecondFactor = PortalSession['secondFactor'];

/** One sign-in under way. */
interface Visit {
  readonly call: BankCall;
  readonly request: SignInRequest;
  readonly browser: PortalBrowser;
  /** What the bank asks of a browser that it does not know, as far as we have seen. */
  readonly secondFactor: SecondFactor | null;
}

const codeOfSecondFactor: Readonly<Record<Exclude<SecondFactor, 'NONE'>, FailureCode>> = {
  CHOICE: 'SCA_REQUIRED',
  OTP: 'SCA_OTP_REQUIRED',
  APP_APPROVAL: 'SCA_DECOUPLED_PENDING',
};

/** Signing in at an online-banking site: see the port. */
export function portalSignIn(http: BankHttp): SignIn {
  return {
    async begin(call, request) {
      const known = findSession(request.session);
      const browser = openBrowser(http, call, known?.cookies ?? null);
      const visit = { call, request, browser, secondFactor: known?.secondFactor ?? null };
      // The cheapest way to ask whether the session lives; after a relaunch nothing stands there any more.
      const asked = known ? await browser.open(addressOf(call.endpoint.baseUrl, known.layout, 'accounts')) : null;
      const found = asked && !isMissing(asked) ? asked : null;
      if (found && recognise(call, found).kind !== 'login') return settle(visit, found);

      if (!call.psu) refuseToTrigger(visit);
      const form = found ?? (await browser.open(new URL(call.endpoint.baseUrl)));
      const place = recognise(call, form);
      if (place.kind !== 'login') throw unknownPage();
      const wasTrusted = browser.isTrusted();
      const next = await logIn(browser, form, place.layout, request.credentials);
      const refusal = recognise(call, next).kind === 'login' ? failureOfLogin(next) : null;
      if (refusal) throw refusal;
      return settle({ ...visit, secondFactor: wasTrusted ? visit.secondFactor : 'NONE' }, next);
    },

    async proceed(call, request, answer) {
      const { cookies, layout, secondFactor } = readSession(request.session);
      const browser = openBrowser(http, call, cookies);
      const visit = { call, request, browser, secondFactor };
      // Whatever is asked for, the site leads to the page whose turn it is.
      const page = await browser.open(addressOf(call.endpoint.baseUrl, layout, 'accounts'));
      const place = recognise(call, page);
      if (answer === null || (place.kind !== 'code' && place.kind !== 'method')) return settle(visit, page);
      return settle(visit, await give(visit, page, layouts[place.layout].fields[place.kind], answer));
    },
  };
}

async function give(visit: Visit, page: PortalPage, field: string, answer: string): Promise<PortalPage> {
  const form = findForm(page.document, { field });
  if (!form) throw unknownPage();
  const next = await visit.browser.submit(page, form, { [field]: answer });
  // The answer was not looked at, so that nobody may be told that it was wrong.
  if (problemOf(next) === 'form-expired') throw new Failure('BANK_ERROR');
  return next;
}

/** Without the person only a log-in that makes the bank send nothing: it knows the browser, or asked nothing before. */
function refuseToTrigger({ browser, secondFactor }: Visit): void {
  if (secondFactor === 'NONE' || browser.isTrusted()) return;
  if (secondFactor) throw new Failure(codeOfSecondFactor[secondFactor]);
  throw new Failure('SCA_REQUIRED', {
    message: 'The bank may ask for a confirmation at the first sign-in: the person must be there.',
  });
}

/** Where the sign-in stands, by the page that the bank shows. */
function settle(visit: Visit, page: PortalPage): SignInState {
  const { call } = visit;
  const { kind, layout } = recognise(call, page);
  switch (kind) {
    case 'accounts':
      return {
        status: 'SIGNED_IN',
        session: sessionOf(visit, layout, visit.secondFactor ?? 'NONE'),
        validUntil: null,
        frequencyPerDay: null,
        bankConsentId: null,
      };
    case 'method':
      return ask(visit, layout, 'CHOICE', choiceChallenge(call, page, layout));
    case 'code':
      return ask(visit, layout, 'OTP', codeChallenge(call, page, layout));
    case 'waiting':
      return ask(visit, layout, 'APP_APPROVAL', appChallenge(call, page));
    case 'terms':
    case 'profile':
      return ask(visit, layout, visit.secondFactor ?? 'NONE', actChallenge(call, page, kind));
    case 'new-password':
      throw new Failure('PASSWORD_CHANGE_REQUIRED');
    case 'login':
      throw failureOfReturn(page, 'SCA_TIMEOUT');
    case 'account':
      throw unknownPage();
  }
}

function ask(visit: Visit, layout: LayoutName, secondFactor: SecondFactor, challenge: Challenge): SignInState {
  if (!visit.call.psu) {
    if (challenge.kind === 'OTP' || challenge.kind === 'APP_APPROVAL' || challenge.kind === 'CHOICE')
      throw new Failure(codeOfSecondFactor[challenge.kind]);
    throw new Failure('BANK_USER_ACTION_REQUIRED');
  }
  return { status: 'CHALLENGED', session: sessionOf(visit, layout, secondFactor), challenge };
}

function sessionOf({ browser, request }: Visit, layout: LayoutName, secondFactor: SecondFactor): PortalSession {
  const { validUntil, frequencyPerDay } = request;
  return { cookies: browser.cookies(), layout, secondFactor, validUntil, frequencyPerDay };
}
