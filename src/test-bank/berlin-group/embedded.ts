import type { Bank } from '../bank.ts';
import { reject, withAuthorisation } from '../consents/authorise.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import { approveAll, startInApp } from '../consents/decoupled.ts';
import { authenticatePerson } from '../consents/person-at-api.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { Refusal } from '../refusal.ts';
import { methodsOf } from './sca-methods.ts';

/** A step of the embedded approach gives the consent as it stands then. Throws what the third party has to hear. */
export async function giveCredentials(
  bank: Bank,
  consent: Consent,
  authorisation: Authorisation,
  login: string,
  password: string,
): Promise<Consent> {
  const person = await authenticatePerson(bank, login, password);
  const effect = failureEffect(login);
  if (effect?.at === 'authorisation' && effect.outcome === 'rejected') return reject(bank, consent, authorisation);
  const methods = methodsOf(person, effect !== null && effect.at === 'authorisation');
  const [only] = methods;
  const known = bank.consents.save(withAuthorisation(consent, authorisation, { login, scaStatus: 'psuAuthenticated' }));
  if (!only) return approveAll(bank, known, authorisation, login, 'exempted');
  return methods.length > 1 ? known : chooseMethod(bank, known, authorisation.id, only.authenticationMethodId);
}

/** The person chose how to prove himself: the code is on its way, or the question is in the app. */
export function chooseMethod(bank: Bank, consent: Consent, authorisationId: string, methodId: string): Consent {
  const authorisation = requireStatus(consent, authorisationId, ['psuAuthenticated', 'scaMethodSelected']);
  const login = authorisation.login ?? '';
  const person = bank.people.find(login);
  const effect = failureEffect(login);
  const method = person
    ? methodsOf(person, effect?.at === 'authorisation').find((known) => known.authenticationMethodId === methodId)
    : undefined;
  if (!person || !method) {
    throw new Refusal(400, 'SCA_METHOD_UNKNOWN', 'The person has no such authentication method.', {
      path: 'authenticationMethodId',
    });
  }
  if (methodId === 'app') {
    return startInApp(
      bank,
      bank.consents.save(withAuthorisation(consent, authorisation, { methodId })),
      authorisation,
      login,
    );
  }
  const isTimeout = effect?.at === 'authorisation' && effect.outcome === 'timeout';
  const { id: challengeId } = bank.challenges.start(person, 'consent', 'otp', isTimeout ? 0 : undefined);
  return bank.consents.save(
    withAuthorisation(consent, authorisation, { methodId, challengeId, scaStatus: 'scaMethodSelected' }),
  );
}

/** The code that the person read. A wrong one counts; the last one, or a late one, ends the authorisation. */
export function giveCode(bank: Bank, consent: Consent, authorisationId: string, code: string): Consent {
  const authorisation = requireStatus(consent, authorisationId, ['scaMethodSelected']);
  const login = authorisation.login ?? '';
  const person = bank.people.find(login);
  const effect = failureEffect(login);
  const isFailing = effect?.at === 'authorisation' && effect.outcome === 'failed';
  const status =
    person && !isFailing ? bank.challenges.answer(authorisation.challengeId ?? '', person, code) : 'locked';
  if (status === 'passed') return approveAll(bank, consent, authorisation, login, 'finalised');
  if (status !== 'wrong') reject(bank, consent, authorisation);
  throw new Refusal(400, 'SCA_INVALID', codeProblems[status], { path: 'scaAuthenticationData' });
}

const codeProblems = {
  wrong: 'The code is wrong.',
  locked: 'The code is wrong, and it was the last attempt.',
  expired: 'The time to give the code has run out.',
  open: 'No code was asked for.',
  refused: 'The person has refused.',
  gone: 'The bank no longer knows of this authentication: start a new authorisation.',
};

function requireStatus(
  consent: Consent,
  authorisationId: string,
  allowed: readonly Authorisation['scaStatus'][],
): Authorisation {
  const authorisation = consent.authorisations.find(({ id }) => id === authorisationId);
  if (!authorisation) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'The consent has no such authorisation.');
  if (!allowed.includes(authorisation.scaStatus)) {
    throw new Refusal(
      409,
      'STATUS_INVALID',
      `The authorisation is ${authorisation.scaStatus}: this step is not its next one.`,
    );
  }
  return authorisation;
}
