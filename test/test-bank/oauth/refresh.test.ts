import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { householdWith } from './household.ts';
import { thirdPartyOf } from './third-party.ts';

const open: TestBank[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bank) => bank.close()));
});

async function bankWith(profile: Record<string, unknown> = {}, more: Parameters<typeof openBankAt>[1] = {}) {
  const bank = await openBankAt(noon, { scenario: scenarioOf(householdWith(profile)), ...more });
  open.push(bank);
  return bank;
}

function accounts(bank: TestBank, accessToken: string): Promise<Response> {
  return fetch(`${bank.url}/stet/v1/accounts`, {
    headers: { authorization: `Bearer ${accessToken}`, 'x-request-id': 'r1', 'psu-ip-address': '203.0.113.7' },
  });
}

async function told(answer: Response): Promise<string> {
  const body = (await answer.json()) as { message: string };
  return `${answer.status} ${body.message.split(':')[0]}`;
}

async function fails(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'nothing failed';
  } catch (error) {
    return error instanceof oauth.ResponseBodyError ? error.error : String(error);
  }
}

const day = 86_400_000;

describe('a refresh token', () => {
  it('is used once: a second use ends the whole family, access tokens too', async () => {
    const bank = await bankWith();
    const thirdParty = await thirdPartyOf(bank);
    const first = await thirdParty.authorise();
    const second = await thirdParty.refresh(first.refresh_token ?? '');
    expect((await accounts(bank, second.access_token)).status).toBe(200);
    expect(await fails(thirdParty.refresh(first.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await fails(thirdParty.refresh(second.refresh_token ?? ''))).toBe('invalid_grant');
    expect(await told(await accounts(bank, second.access_token))).toBe('401 TOKEN_UNKNOWN');
  });

  it('used many times at once gives nothing that lasts', async () => {
    const bank = await bankWith();
    const thirdParty = await thirdPartyOf(bank);
    const { refresh_token: token = '' } = await thirdParty.authorise();
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => thirdParty.refresh(token)));
    const given = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(given.length).toBeLessThanOrEqual(1);
    for (const { access_token: access, refresh_token: refresh = '' } of given) {
      // oxlint-disable-next-line no-await-in-loop -- there is one at most
      expect(await told(await accounts(bank, access))).toBe('401 TOKEN_UNKNOWN');
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await fails(thirdParty.refresh(refresh))).toBe('invalid_grant');
    }
  });

  it('stays the same, however often it is used, where the bank does not rotate', async () => {
    const thirdParty = await thirdPartyOf(await bankWith({ switches: { refreshTokens: 'static' } }));
    const { refresh_token: token = '' } = await thirdParty.authorise();
    expect((await thirdParty.refresh(token)).refresh_token).toBe(token);
    expect((await thirdParty.refresh(token)).refresh_token).toBe(token);
  });

  it('lives 180 days from the approval by the clock of the bank, rotated or not', async () => {
    const bank = await bankWith();
    const thirdParty = await thirdPartyOf(bank);
    const first = await thirdParty.authorise();
    bank.clock.advance(100 * day);
    const second = await thirdParty.refresh(first.refresh_token ?? '');
    bank.clock.advance(79 * day);
    const third = await thirdParty.refresh(second.refresh_token ?? '');
    expect((await accounts(bank, third.access_token)).status).toBe(200);
    bank.clock.advance(2 * day);
    expect(await fails(thirdParty.refresh(third.refresh_token ?? ''))).toBe('invalid_grant');
  });

  it('is worth nothing once the person has revoked the access at the bank', async () => {
    const bank = await bankWith();
    const thirdParty = await thirdPartyOf(bank);
    const tokens = await thirdParty.authorise();
    const [consent] = bank.bank.consents.all();
    await fetch(`${bank.url}/control/consents/${consent?.id ?? ''}/revoke`, { method: 'POST' });
    expect(await told(await accounts(bank, tokens.access_token))).toBe('401 CONSENT_INVALID');
    expect(await fails(thirdParty.refresh(tokens.refresh_token ?? ''))).toBe('invalid_grant');
  });

  it('is ended by the third party at the revocation endpoint', async () => {
    const bank = await bankWith();
    const { server, client, authorise, refresh } = await thirdPartyOf(bank);
    const tokens = await authorise();
    const answer = await oauth.revocationRequest(
      server,
      client,
      oauth.ClientSecretPost('sandbox-tpp-secret'),
      tokens.refresh_token ?? '',
      { [oauth.allowInsecureRequests]: true },
    );
    await oauth.processRevocationResponse(answer);
    expect(await fails(refresh(tokens.refresh_token ?? ''))).toBe('invalid_grant');
  });
});

describe('an access token', () => {
  it('expires by the clock of the bank, and a clock that is set back revives it', async () => {
    const bank = await bankWith({ accessTokenSeconds: 60 });
    const tokens = await (await thirdPartyOf(bank)).authorise();
    expect(tokens.expires_in).toBe(60);
    bank.clock.advance(58_000);
    expect((await accounts(bank, tokens.access_token)).status).toBe(200);
    bank.clock.advance(3000);
    expect(await told(await accounts(bank, tokens.access_token))).toBe('401 TOKEN_EXPIRED');
    bank.clock.set(noon);
    expect((await accounts(bank, tokens.access_token)).status).toBe(200);
  });

  it('is asked for by name when it is missing, unknown or no Bearer token', async () => {
    const bank = await bankWith();
    expect(await told(await accounts(bank, 'nobody-knows-it'))).toBe('401 TOKEN_UNKNOWN');
    expect(await told(await accounts(bank, ''))).toBe('401 TOKEN_INVALID');
    expect(await told(await accounts(bank, '<script>'))).toBe('401 TOKEN_INVALID');
  });
});

describe('a restart', () => {
  it('keeps consents, tokens and what PUT /consents said', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bank-'));
    try {
      const stateFile = join(directory, 'state.json');
      const before = await bankWith({}, { stateFile });
      const thirdParty = await thirdPartyOf(before);
      const tokens = await thirdParty.authorise();
      const headers = {
        authorization: `Bearer ${tokens.access_token}`,
        'x-request-id': 'r1',
        'psu-ip-address': '203.0.113.7',
      };
      const put = await fetch(`${before.url}/stet/v1/consents`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          balances: [{ iban: 'FR7630006000011234567890189' }],
          psuIdentity: false,
          trustedBeneficiaries: false,
        }),
      });
      expect(put.status).toBe(201);
      const shown = await (await accounts(before, tokens.access_token)).text();
      await before.close();
      open.splice(0);

      const after = await bankWith({}, { stateFile });
      expect(await (await accounts(after, tokens.access_token)).text()).toBe(shown);
      const again = await thirdPartyOf(after);
      const refreshed = await again.refresh(tokens.refresh_token ?? '');
      expect(await fails(again.refresh(tokens.refresh_token ?? ''))).toBe('invalid_grant');
      expect(await fails(again.refresh(refreshed.refresh_token ?? ''))).toBe('invalid_grant');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
