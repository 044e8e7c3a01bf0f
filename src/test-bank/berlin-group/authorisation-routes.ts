import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Bank } from '../bank.ts';
import { approve, confirmationCodeOf, reject } from '../consents/authorise.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import { startInApp } from '../consents/decoupled.ts';
import { namedPerson } from '../consents/person-at-api.ts';
import { Refusal } from '../refusal.ts';
import { approachOf, authorisationAnswer, currentNumberParameter } from './authorisation-answer.ts';
import { parsePsuData, type PsuData } from './authorisation-request.ts';
import { chooseMethod, giveCode, giveCredentials } from './embedded.ts';
import { findConsent } from './find-consent.ts';
import { psuId } from './headers.ts';
import { readJson, tooLarge } from './json-body.ts';

const authorisationsMax = 20;
const limit = bodyLimit({ maxSize: 10_000, onError: tooLarge });

/** Authorisations of a consent (Implementation Guidelines 7.1 to 7.4). */
export function authorisationRoutes(app: Hono, bank: Bank, originOf: (context: Context) => string): void {
  const answer = (context: Context, consent: Consent, authorisationId: string, status: 200 | 201) => {
    const authorisation = findAuthorisation(consent, authorisationId);
    context.header('ASPSP-SCA-Approach', approachOf(bank, authorisation));
    const told = authorisationAnswer(bank, consent, authorisation, originOf(context));
    return context.json(status === 201 ? { ...told, authorisationId } : told, status);
  };

  app.use('/consents/:id/authorisations/*', async (_, next) => {
    if (bank.scenario().bank.switches.authorisationResource === 'own') return next();
    throw new Refusal(404, 'RESOURCE_UNKNOWN', 'This bank authorises by PUT to the consent itself.');
  });

  app.put('/consents/:id', limit, async (context) => {
    if (bank.scenario().bank.switches.authorisationResource === 'own') {
      throw new Refusal(405, 'SERVICE_INVALID', 'A consent is not changed here: authorise it below /authorisations.');
    }
    const consent = findConsent(bank, context.req.param('id'));
    const authorisation = numberedAuthorisation(consent, context.req.query(currentNumberParameter));
    const data = parsePsuData(await readJson(context, 'may be empty'));
    requireTime(bank, consent, authorisation);
    const login = psuId(context) ?? authorisation.login;
    return answer(context, await advance(bank, consent, authorisation, login, data), authorisation.id, 200);
  });

  app.post('/consents/:id/authorisations', limit, async (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    const data = parsePsuData(await readJson(context, 'may be empty'));
    if (consent.status !== 'received') {
      throw new Refusal(
        409,
        'STATUS_INVALID',
        `The consent is ${consent.status}: only a received one can be authorised.`,
      );
    }
    if (consent.authorisations.length >= authorisationsMax) {
      throw new Refusal(409, 'STATUS_INVALID', `The consent has had ${authorisationsMax} authorisations already.`);
    }
    const login = psuId(context);
    if (login !== null) namedPerson(bank, login);
    refuseUnfitStart(bank, login, data);
    const started = bank.consents.startAuthorisation(consent, login);
    const authorisation = started.authorisations.at(-1);
    if (!authorisation) throw new Refusal(500, 'INTERNAL_SERVER_ERROR', 'No authorisation was started.');
    return answer(context, await advance(bank, started, authorisation, login, data), authorisation.id, 201);
  });

  app.get('/consents/:id/authorisations', (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    return context.json({ authorisationIds: consent.authorisations.map(({ id }) => id) });
  });

  app.get('/consents/:id/authorisations/:authorisationId', (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    return context.json({ scaStatus: findAuthorisation(consent, context.req.param('authorisationId')).scaStatus });
  });

  app.put('/consents/:id/authorisations/:authorisationId', limit, async (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    const authorisation = findAuthorisation(consent, context.req.param('authorisationId'));
    const data = parsePsuData(await readJson(context, 'may be empty'));
    requireTime(bank, consent, authorisation);
    const login = psuId(context) ?? authorisation.login;
    return answer(context, await advance(bank, consent, authorisation, login, data), authorisation.id, 200);
  });
}

/** Takes what the third party gives and goes one step on, in the approach of the bank. */
async function advance(
  bank: Bank,
  consent: Consent,
  authorisation: Authorisation,
  login: string | null,
  data: PsuData,
): Promise<Consent> {
  const { scaApproach } = bank.scenario().bank;
  if (data.kind === 'confirmation') return confirm(bank, consent, authorisation, data.code);
  if (scaApproach === 'embedded') {
    if (data.kind === 'method') return chooseMethod(bank, consent, authorisation.id, data.methodId);
    if (data.kind === 'code') return giveCode(bank, consent, authorisation.id, data.code);
    if (data.kind === 'password') {
      requirePassword(authorisation);
      if (login === null) throw psuIdMissing();
      return giveCredentials(bank, consent, authorisation, login, data.password);
    }
  } else if (data.kind !== 'nothing') {
    throw noCredentials();
  }
  if (login === null) return consent;
  if (scaApproach === 'decoupled' && authorisation.challengeId === null) {
    return startInApp(bank, consent, authorisation, login);
  }
  return authorisation.login === login ? consent : bank.consents.identify(consent, authorisation.id, login);
}

function confirm(bank: Bank, consent: Consent, authorisation: Authorisation, code: string): Consent {
  if (authorisation.scaStatus !== 'unconfirmed') {
    throw new Refusal(
      409,
      'STATUS_INVALID',
      `The authorisation is ${authorisation.scaStatus}: nothing is to be confirmed.`,
    );
  }
  const person = bank.people.find(consent.login);
  if (!person || consent.login === null || code !== confirmationCodeOf(authorisation)) {
    reject(bank, consent, authorisation);
    throw new Refusal(400, 'SCA_INVALID', 'The confirmation code is wrong.', { path: 'confirmationCode' });
  }
  return approve(bank, consent, authorisation, person, consent.login, consent.grant);
}

function numberedAuthorisation(consent: Consent, number: string | undefined): Authorisation {
  const found = consent.authorisations.find((_, index) => String(index + 1) === number);
  if (found) return found;
  throw new Refusal(400, 'FORMAT_ERROR', `${currentNumberParameter} must be taken from a link of this consent.`, {
    path: currentNumberParameter,
  });
}

function findAuthorisation(consent: Consent, wanted: string): Authorisation {
  const found = consent.authorisations.find(({ id }) => id === wanted);
  if (!found) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'The consent has no such authorisation.');
  return found;
}

function requireTime(bank: Bank, consent: Consent, { startedAt }: Authorisation): void {
  const endsAt = startedAt + bank.scenario().bank.authorisationSeconds * 1000;
  if (consent.status !== 'received' || bank.clock.now().getTime() >= endsAt) {
    throw new Refusal(409, 'STATUS_INVALID', 'The authorisation is over: start a new one.');
  }
}

/** Before anything is started, so that a refusal leaves nothing behind. */
function refuseUnfitStart(bank: Bank, login: string | null, { kind }: PsuData): void {
  if (kind === 'nothing') return;
  if (kind !== 'password' || bank.scenario().bank.scaApproach !== 'embedded') throw noCredentials();
  if (login === null) throw psuIdMissing();
}

function noCredentials(): Refusal {
  return new Refusal(400, 'SERVICE_INVALID', 'This bank does not take that from third parties here.');
}

function requirePassword({ scaStatus }: Authorisation): void {
  if (scaStatus !== 'received' && scaStatus !== 'psuIdentified') {
    throw new Refusal(409, 'STATUS_INVALID', `The authorisation is ${scaStatus}: no password is to be given.`);
  }
}

function psuIdMissing(): Refusal {
  return new Refusal(400, 'FORMAT_ERROR', 'The header PSU-ID is mandatory with a password.', { path: 'PSU-ID' });
}
