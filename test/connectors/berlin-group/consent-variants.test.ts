import { describe, expect, test } from 'vitest';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { openBank } from './linked-bank.ts';

const alice = { login: 'alice', password: 'tributary1' } as const;

describe('what is asked for', () => {
  test('by number is found out first: one visit to list the accounts, one to open them', async () => {
    const bank = await openBank({ quirks: { consentAccess: 'detailed' } });
    const session = await bank.link('bruno', 'tributary2');
    const [listing, opening] = bank.bank.consents.all();
    expect(listing).toMatchObject({ model: 'list-only', recurring: false, frequencyPerDay: 1 });
    expect(opening).toMatchObject({ model: 'detailed', recurring: true, frequencyPerDay: 4, id: session['consentId'] });
    const accounts = await bank.connector.listAccounts(bank.call(), session);
    expect(accounts).toHaveLength(2);
    for (const account of accounts)
      // oxlint-disable-next-line no-await-in-loop -- the accounts one by one
      expect(await bank.connector.readBalances(bank.call(), session, account)).toHaveLength(2);
  });

  test('by number of a person who has no account ends there', async () => {
    const bank = await openBank({ quirks: { consentAccess: 'detailed' } });
    await expect(bank.link('error.no_eligible_account', 'any')).rejects.toMatchObject({ code: 'NO_ELIGIBLE_ACCOUNT' });
  });

  test('globally has the owner’s name where the bank gives it, and spaces without a number (N26)', async () => {
    const bank = await openBank({
      switches: { accountNumbers: 'spaces' },
      quirks: { consentAccess: 'global-with-owner-name' },
    });
    const accounts = await bank.connector.listAccounts(bank.call(), await bank.link());
    expect(accounts.map(({ type, iban, ownerName }) => [type, iban !== null, ownerName])).toEqual([
      ['CHECKINGS', true, 'Alice Martin'],
      ['SAVINGS', false, 'Alice Martin'],
    ]);
  });

  test('that the bank does not grant is named as the entry’s mistake', async () => {
    const bank = await openBank({ switches: { consentModels: ['global'] } });
    await expect(bank.connector.startAuthorization(bank.call(), bank.request())).rejects.toMatchObject({
      code: 'CONNECTOR_CONFIG_INVALID',
      message: expect.stringContaining('consentAccess'),
    });
  });
});

describe('what is granted', () => {
  test('may be one account of several', async () => {
    const bank = await openBank({ switches: { grantedAccounts: 'first-only' } });
    const session = await bank.link('bruno', 'tributary2');
    expect(await bank.connector.listAccounts(bank.call(), session)).toHaveLength(1);
  });

  test('may be shorter than asked for, and its end is that of the session', async () => {
    const bank = await openBank({ switches: { validUntil: 'shortened' } });
    const session = await bank.link();
    expect(session).toMatchObject({ validUntil: '2026-04-24' });
    expect(await bank.connector.readConsent(bank.call(), session)).toMatchObject({ validUntil: '2026-04-24', session });
  });

  test('ends when the person gives a newer one, where the bank has it so', async () => {
    const bank = await openBank({ switches: { olderConsents: 'ended' } });
    const older = await bank.link();
    const newer = await bank.link();
    expect(await bank.connector.readConsent(bank.call(), older)).toEqual({ status: 'EXPIRED' });
    await expect(bank.connector.listAccounts(bank.call(), older)).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    expect((await bank.connector.listAccounts(bank.call(), newer)).length).toBeGreaterThan(0);
  });

  test('never is over when the bank has forgotten it', async () => {
    const bank = await openBank({ switches: { unconfirmedConsentSeconds: 300 } });
    const started = await bank.connector.startAuthorization(bank.call(), bank.request());
    bank.clock.advance(301_000);
    expect(await bank.connector.readConsent(bank.call(), started.session)).toEqual({ status: 'EXPIRED' });
  });
});

describe('a return that is to be confirmed', () => {
  const habits = { switches: { confirmation: 'code' } } as const;

  test('is pending without the code, rejected by a wrong one, and confirmed once', async () => {
    const bank = await openBank(habits);
    const read = (session: object, parameters: Record<string, string>) =>
      bank.connector.readConsent(bank.call(), { ...session }, parameters);
    const visit = async () => {
      const started = await bank.connector.startAuthorization(bank.call(), bank.request());
      const back = new URL(await visitBank(started.redirectUrl, alice));
      return { session: started.session, parameters: Object.fromEntries(back.searchParams) };
    };
    const first = await visit();
    expect(await read(first.session, {})).toEqual({ status: 'PENDING' });
    expect(await read(first.session, { ...first.parameters, confirmationCode: 'wrong' })).toEqual({
      status: 'REJECTED',
    });
    expect(await read(first.session, first.parameters)).toEqual({ status: 'REJECTED' });
    const second = await visit();
    expect(await read(second.session, second.parameters)).toMatchObject({ status: 'ACTIVE' });
    expect(await read(second.session, second.parameters)).toMatchObject({ status: 'ACTIVE' });
  });
});

test('a bank that wants the person’s address on every call gives nothing without him, and is not asked', async () => {
  const bank = await openBank({ switches: { psuIpAddress: 'always' }, quirks: { psuIpAddress: 'always' } });
  const session = await bank.link();
  bank.asked();
  await expect(bank.connector.listAccounts(bank.call(null), session)).rejects.toMatchObject({ code: 'SCA_REQUIRED' });
  expect(bank.asked()).toEqual([]);
  expect((await bank.connector.listAccounts(bank.call(), session)).length).toBeGreaterThan(0);
});

describe.each(['spring', 'html', 'problem-json'])('errors written as %s', (errors) => {
  test('are explained by the consent where they do not explain themselves', async () => {
    const bank = await openBank({ switches: { errors } });
    const revoked = await bank.link();
    await bank.connector.revokeConsent(bank.call(), revoked);
    await expect(bank.connector.listAccounts(bank.call(), revoked)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
    const narrow = await bank.link('error.consent_scope_insufficient', 'any');
    const [account] = await bank.connector.listAccounts(bank.call(), narrow);
    await expect(bank.connector.readBalances(bank.call(), narrow, account!)).rejects.toMatchObject({
      code: 'CONSENT_SCOPE_INSUFFICIENT',
    });
    bank.clock.advance(91 * 86_400_000);
    await expect(bank.connector.listAccounts(bank.call(), narrow)).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
  });
});
