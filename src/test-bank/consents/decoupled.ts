import type { Bank } from '../bank.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { approve, eligibleAccounts, grantOf, reject, withAuthorisation } from './authorise.ts';
import type { Authorisation, Consent } from './consent.ts';
import { namedPerson } from './person-at-api.ts';

/** Sends the question to the app of the person; the answer is taken in when somebody next looks at the consent. */
export function startInApp(bank: Bank, consent: Consent, authorisation: Authorisation, login: string): Consent {
  const person = namedPerson(bank, login);
  const effect = failureEffect(login);
  const outcome = effect?.at === 'authorisation' ? effect.outcome : null;
  if (outcome === 'rejected') return reject(bank, consent, authorisation);
  const challenge = bank.challenges.start(person, 'consent', 'app', outcome === 'timeout' ? 0 : undefined);
  if (outcome === 'failed') bank.challenges.decide(challenge.id, false);
  return bank.consents.save(
    withAuthorisation(consent, authorisation, { login, challengeId: challenge.id, scaStatus: 'started' }),
  );
}

/** The consent after what the person has done in the app meanwhile. */
export function afterApp(bank: Bank, consent: Consent): Consent {
  if (consent.status !== 'received') return consent;
  const waiting = consent.authorisations.find(({ scaStatus }) => scaStatus === 'started');
  if (!waiting || waiting.login === null) return consent;
  const status = bank.challenges.status(waiting.challengeId);
  if (status === 'open') return consent;
  if (status !== 'passed') return reject(bank, consent, waiting);
  return approveAll(bank, consent, waiting, waiting.login, 'finalised');
}

/** Approves without a page of the bank: the person shares everything that the third party asked for. */
export function approveAll(
  bank: Bank,
  consent: Consent,
  authorisation: Authorisation,
  login: string,
  scaStatus: 'finalised' | 'exempted',
): Consent {
  const person = namedPerson(bank, login);
  const chosen = eligibleAccounts(bank, person.id, login).map(({ id }) => id);
  const grant = grantOf(bank, consent, person, login, chosen);
  return approve(bank, consent, authorisation, person, login, grant, scaStatus);
}
