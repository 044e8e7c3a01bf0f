import { Failure } from '../../domain/failure.ts';
import type { SignInState } from '../connector.ts';
import { readBody, readBerlinGroup, type BerlinGroupAnswer } from './client.ts';
import { readConsentState } from './consent.ts';
import { readStatus } from './consent-state.ts';
import { readConsentSession } from './session.ts';
import { advance, challenged, signedIn } from './sign-in-advance.ts';
import { give, giveAndRead, type SignInExchange } from './sign-in-exchange.ts';
import type { SignInStep } from './sign-in-step.ts';
import { wireAuthorisation } from './wire.ts';

type ReturnParameters = Readonly<Record<string, string>>;

/** Goes on from a question with the person's answer, or looks whether it is settled elsewhere by now. */
export async function answerStep(
  exchange: SignInExchange,
  step: SignInStep,
  answer: string | null,
  returnParameters: ReturnParameters | undefined,
): Promise<SignInState> {
  if (step.kind === 'REDIRECT') return afterBrowser(exchange, step, returnParameters);
  if (step.kind === 'APP_APPROVAL') return look(exchange, step);
  if (isOver(exchange, step)) throw new Failure('SCA_TIMEOUT');
  const given = answer?.trim() ?? '';
  if (given === '') return challenged(exchange, step);
  const url = new URL(step.url);
  if (step.kind === 'OTP') {
    const told = await give(exchange, 'PUT', url, { scaAuthenticationData: given });
    if (told.isRefused) return afterWrongCode(exchange, step, told);
    return advance(exchange, { told: readBody(told.body, wireAuthorisation), url: told.url }, true);
  }
  if (step.kind === 'PASSWORD') {
    const standing = await giveAndRead(exchange, step.method, url, { psuData: { password: given } });
    return advance(exchange, standing, false);
  }
  if (!step.options.some(({ value }) => value === given)) return challenged(exchange, step);
  return advance(exchange, await giveAndRead(exchange, 'PUT', url, { authenticationMethodId: given }), false);
}

/** Whether what is settled in the app of the bank is settled. */
async function look(exchange: SignInExchange, step: SignInStep): Promise<SignInState> {
  const { parts, call, session } = exchange;
  const status = await readStatus(parts.http, call, session);
  if (status === 'ACTIVE') return signedIn(exchange);
  if (status === 'EXPIRED') throw new Failure('SCA_TIMEOUT');
  if (status !== 'PENDING' || (await hasFailed(exchange, step))) throw new Failure('SCA_FAILED');
  if (isOver(exchange, step)) throw new Failure('SCA_TIMEOUT');
  return challenged(exchange, step);
}

/** A code that the bank did not take: asked for again as long as the authorisation stands. */
async function afterWrongCode(
  exchange: SignInExchange,
  step: Extract<SignInStep, { kind: 'OTP' }>,
  { failure }: Extract<BerlinGroupAnswer, { isRefused: true }>,
): Promise<SignInState> {
  // Banks refuse a code as such, or as they refuse a password.
  if (failure.code !== 'SCA_FAILED' && failure.code !== 'CREDENTIALS_INVALID') throw failure;
  const status = await readStatus(exchange.parts.http, exchange.call, exchange.session);
  if (status === 'EXPIRED') throw new Failure('SCA_TIMEOUT', { cause: failure });
  const attemptsLeft = step.attemptsLeft === null ? null : Math.max(0, step.attemptsLeft - 1);
  if (status !== 'PENDING' || attemptsLeft === 0 || (await hasFailed(exchange, step)))
    throw new Failure('SCA_FAILED', { cause: failure });
  return challenged(exchange, { ...step, attemptsLeft });
}

/** The browser is back from the bank's page, or still there. */
async function afterBrowser(
  exchange: SignInExchange,
  step: Extract<SignInStep, { kind: 'REDIRECT' }>,
  returnParameters: ReturnParameters = {},
): Promise<SignInState> {
  const { parts, call, session } = exchange;
  const state = await readConsentState(parts, call, session, returnParameters);
  switch (state.status) {
    case 'ACTIVE':
      return signedIn({ ...exchange, session: readConsentSession(state.session) });
    case 'REJECTED':
      throw new Failure('CONSENT_REJECTED');
    case 'EXPIRED':
      throw new Failure('SCA_TIMEOUT');
    case 'REVOKED':
      throw new Failure('CONSENT_REVOKED_AT_BANK');
    case 'PENDING':
      if (isOver(exchange, step)) throw new Failure('SCA_TIMEOUT');
      // What the browser brought served once, and goes on with the question.
      if (state.continued?.redirectUrl === null)
        return challenged({ ...exchange, session: readConsentSession(state.continued.session) }, step);
      return challenged(exchange, step);
    default:
      return state satisfies never;
  }
}

async function hasFailed({ parts, call, session }: SignInExchange, { statusUrl }: SignInStep): Promise<boolean> {
  if (statusUrl === undefined) return false;
  const request = { method: 'GET', target: new URL(statusUrl), resource: 'consent', tokens: session.tokens } as const;
  const { scaStatus } = await readBerlinGroup(parts.http, call, request, wireAuthorisation);
  return scaStatus?.trim().toLowerCase() === 'failed';
}

function isOver({ call }: SignInExchange, { expiresAt }: SignInStep): boolean {
  return call.clock.now().getTime() >= Date.parse(expiresAt);
}
