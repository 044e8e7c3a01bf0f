import { expect, test } from 'vitest';
import { z } from 'zod';
import { profileNames, profiles } from '../../../src/test-bank/scenario/profiles.ts';
import { switchesSchema } from '../../../src/test-bank/scenario/switches.ts';
import { bankProfiles, furtherProfiles } from './profiles.ts';

/** Habits that are met by a test of their own, or that the interface of the Berlin Group does not have. */
const metElsewhere = [
  'accountNumbers: masked-pan-in-iban',
  'balances: information-only',
  'certificate: required',
  'clientAuthentication: tls-client-auth',
  'dates: none',
  'errors: html',
  'grantedAccounts: first-only',
  'multicurrency: aggregation',
  'refreshTokens: static',
  'signature: required',
  'stetConsent: full-aisp',
  'stetVersion: 1.6',
];

test('the contract is run at a bank of every habit that the test bank can have', () => {
  const met = new Set<string>();
  for (const { bankProfile, switches } of [...bankProfiles, ...furtherProfiles]) {
    const name = profileNames.find((candidate) => candidate === bankProfile);
    const bank: { readonly switches?: object | undefined } = name ? profiles[name].bank : {};
    const all = switchesSchema.parse({ ...bank.switches, ...switches });
    for (const [habit, value] of Object.entries(all)) met.add(`${habit}: ${String(value)}`);
  }
  const missing = Object.entries(switchesSchema.unwrap().shape).flatMap(([habit, schema]) => {
    const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
    const values = inner instanceof z.ZodEnum ? inner.options : [];
    return values.map((value) => `${habit}: ${String(value)}`).filter((each) => !met.has(each));
  });
  expect(missing.toSorted()).toEqual(metElsewhere);
});
