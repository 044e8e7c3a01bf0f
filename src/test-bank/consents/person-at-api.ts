import type { Bank } from '../bank.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import type { Person } from '../scenario/schema.ts';
import { Refusal } from '../refusal.ts';

/** The person whom a third party names in PSU-ID. Throws PSU_CREDENTIALS_INVALID when the bank has no such login. */
export function namedPerson(bank: Bank, login: string): Person {
  const person = bank.people.find(login);
  if (!person) throw credentialsInvalid();
  return person;
}

/** Checks a password that a third party passes on, and counts wrong ones. Throws what the person must hear. */
export async function authenticatePerson(bank: Bank, login: string, password: string): Promise<Person> {
  const effect = failureEffect(login);
  if (effect?.at === 'login') {
    if (effect.message === 'refused') throw credentialsInvalid();
    throw new Refusal(403, 'SERVICE_BLOCKED', blockedTexts[effect.message]);
  }
  const outcome = await bank.people.signIn(login, password);
  if (outcome === 'locked') throw new Refusal(403, 'SERVICE_BLOCKED', blockedTexts.locked);
  if (outcome === 'refused') throw credentialsInvalid();
  return namedPerson(bank, login);
}

const blockedTexts = {
  locked: 'The access of this person is locked.',
  'password-expired': 'The password of this person has expired: a new one must be set in online banking.',
  'action-required': 'This person must accept the new terms in online banking first.',
};

function credentialsInvalid(): Refusal {
  return new Refusal(401, 'PSU_CREDENTIALS_INVALID', 'The login or the password is wrong.', { path: 'PSU-ID' });
}
