import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BankSession } from '../../../src/connectors/connector.ts';
import { openStetBank, psu } from './bank-at.ts';

let house: Awaited<ReturnType<typeof openStetBank>>;
beforeEach(async () => {
  house = await openStetBank();
});
afterEach(() => house.close());

const read = (session: BankSession, parameters?: Record<string, string>) =>
  house.connector.readConsent(house.call(), session, parameters);
const minutes = (count: number) => house.clock.advance(count * 60_000);

describe('a return that is not the bank’s to this request', () => {
  test('forged or of another session decides nothing, and the true one is still taken', async () => {
    const [mine, other] = [await house.begin('s-mine'), await house.begin('s-other')];
    const [good, foreign] = [await house.visit(mine), await house.visit(other)];
    for (const forged of [
      { ...good, state: 's-other' },
      { ...good, iss: 'https://evil.example' },
      { ...good, code: 'guessed' },
      // The code of another authorisation, brought in under our state: PKCE gives it away.
      { ...good, code: foreign['code'] ?? '' },
      { error: 'access_denied', state: 's-mine' },
      {},
    ])
      await expect(read(mine.session, forged)).rejects.toMatchObject({ code: 'SCA_FAILED' });
    expect(await read(mine.session)).toEqual({ status: 'PENDING' });
    expect(await read(mine.session, good)).toMatchObject({ status: 'ACTIVE' });
  });

  test('with another verifier than began it is refused by the bank', async () => {
    const mine = await house.begin();
    const good = await house.visit(mine);
    const changed = structuredClone(mine.session) as { oauth: { codeVerifier: string } };
    changed.oauth.codeVerifier = 'x'.repeat(43);
    await expect(read({ ...changed }, good)).rejects.toMatchObject({ code: 'SCA_FAILED' });
  });

  test('that comes twice gives nothing the second time', async () => {
    const mine = await house.begin();
    const good = await house.visit(mine);
    expect(await read(mine.session, good)).toMatchObject({ status: 'ACTIVE' });
    await expect(read(mine.session, good)).rejects.toMatchObject({ code: 'SCA_FAILED' });
  });
});

describe('access', () => {
  test('that nobody came back for is over when the bank has closed its pages', async () => {
    const { session, expiresAt } = await house.begin();
    expect(expiresAt).toEqual(new Date('2026-03-10T12:30:00Z'));
    minutes(29);
    expect(await read(session)).toEqual({ status: 'PENDING' });
    minutes(1);
    expect(await read(session)).toEqual({ status: 'EXPIRED' });
    await house.connector.revokeConsent(house.call(), session);
  });

  test('is renewed once for each refresh token, and a second use ends it', async () => {
    const first = await house.link();
    expect(await house.connector.renewSession(house.call(null), first)).toBeNull();
    minutes(14.5);
    const second = await house.connector.renewSession(house.call(null), first);
    expect(await house.connector.listAccounts(house.call(), second!)).toHaveLength(2);
    minutes(14.5);
    const third = await house.connector.renewSession(house.call(null), second!);
    await expect(house.connector.renewSession(house.call(null), second!)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
    await expect(house.connector.listAccounts(house.call(), third!)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
  });

  test('whose token ran out while data was read is tried again, not given up', async () => {
    const session = await house.link();
    minutes(16);
    await expect(house.connector.listAccounts(house.call(), session)).rejects.toMatchObject({
      code: 'BANK_ERROR',
      message: 'The access ran out while data was read; it is renewed before the next try.',
    });
    const renewed = await house.connector.renewSession(house.call(), session);
    expect(await house.connector.listAccounts(house.call(), renewed!)).toHaveLength(2);
  });

  test('that the person ended at the bank is told so by the list and by the renewal', async () => {
    const session = await house.link();
    house.revokeAtBank();
    expect(await read(session)).toEqual({ status: 'REVOKED' });
    await expect(house.connector.listAccounts(house.call(), session)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
    minutes(16);
    await expect(house.connector.renewSession(house.call(), session)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
    await house.connector.revokeConsent(house.call(), session);
  });

  test('is not looked after without the person, for that would cost one of the four calls', async () => {
    const session = await house.link();
    const before = house.dataCalls().length;
    expect(await house.connector.readConsent(house.call(null), session)).toMatchObject({ status: 'ACTIVE' });
    expect(house.dataCalls()).toHaveLength(before);
    expect(await house.connector.readConsent(house.call(psu), session)).toMatchObject({ status: 'ACTIVE' });
    expect(house.dataCalls().slice(before)).toEqual(['GET /stet/v1/accounts']);
  });

  test('is not used after the day that the person agreed to, although the bank would give it', async () => {
    const session = await house.link();
    house.clock.set(new Date('2026-06-09T09:00:00Z'));
    const before = house.dataCalls().length;
    for (const use of [
      house.connector.renewSession(house.call(), session),
      house.connector.listAccounts(house.call(), session),
    ])
      await expect(use).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    expect(await read(session)).toEqual({ status: 'EXPIRED' });
    expect(house.dataCalls()).toHaveLength(before);
  });
});

describe('a bank without revocation', () => {
  test('is told in the mixed model that nothing is consented to any more', async () => {
    await house.close();
    house = await openStetBank();
    const oauth = { authorizationEndpoint: `${house.url}/oauth/authorize`, tokenEndpoint: `${house.url}/oauth/token` };
    const session = await house.link();
    const [account] = await house.connector.listAccounts(house.call(), session);
    const call = { ...house.call(), endpoint: { ...house.call().endpoint, quirks: { oauth } } };
    minutes(16);
    await house.connector.revokeConsent(call, session);
    expect(house.dataCalls().at(-1)).toBe('PUT /stet/v1/consents');
    minutes(-16);
    await expect(house.connector.readBalances(house.call(), session, account!)).rejects.toMatchObject({
      code: 'CONSENT_SCOPE_INSUFFICIENT',
    });
  });
});

describe('an installation', () => {
  test('without an identity cannot ask, and says whose matter that is', async () => {
    const call = house.call();
    const nobody = { ...call, endpoint: { ...call.endpoint, quirks: { ...call.endpoint.quirks, identity: 'other' } } };
    const request = { returnUrl: 'https://us.example/', state: 's', validUntil: '2026-06-08', frequencyPerDay: 4 };
    await expect(house.connector.startAuthorization(nobody, request)).rejects.toMatchObject({
      code: 'CONNECTOR_CONFIG_INVALID',
    });
  });
});
