import { expect, it } from 'vitest';
import { renewConsent } from '../../../src/actions/renew-consent.ts';
import { revokeConsent } from '../../../src/actions/revoke-consent.ts';
import { newId } from '../../../src/kernel/id.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { bankDays, linkedDays } from '../../support/bank-days.ts';
import { clientScope } from '../../support/fixtures.ts';

const asUser = { kind: 'USER', id: 'usr', ipAddress: null } as const;
const asClient = { kind: 'CLIENT', id: 'cli', ipAddress: null } as const;

it.each([
  [asUser, 'CONSENT_REVOKED_BY_USER'],
  [asClient, 'CONSENT_REVOKED_BY_CLIENT'],
] as const)('ends at once here and by a job at the bank, secrets and all, once (%o)', async (actor, code) => {
  const days = await linkedDays();
  const [consent] = await days.consents();
  const context = { ...days.context, actor };
  await revokeConsent(context, days.scope, consent!.id);
  expect(await days.consents()).toMatchObject([{ status: 'REVOKED', failure: { code }, endedAt: days.clock.now() }]);
  expect(await days.channel()).toMatchObject({
    status: 'ACTION_REQUIRED',
    failure: { code },
    sealed_session: null,
    sealed_credentials: null,
  });
  expect(await days.connection()).toMatchObject({ status: 'ACTION_REQUIRED', failure: { code }, nextSyncAt: null });
  const before = await days.events('');
  await revokeConsent(context, days.scope, consent!.id);
  expect(await days.events('')).toEqual(before);
  expect(before.slice(-3).map(({ type }) => type)).toEqual([
    'consent.revoked',
    'channel.status_changed',
    'connection.status_changed',
  ]);
  const atBank = () => days.server.bank.consents.find(consent?.bankConsentId ?? '')?.status;
  expect(atBank()).toBe('valid');
  expect(await days.work()).toBe(1);
  expect(atBank()).toBe('terminatedByTpp');
  const trail = await days.context.database.sql`
    select actor_kind as kind, result from audit_entries where action = 'consent.revoke'`;
  expect(trail).toEqual([{ kind: actor.kind, result: 'OK' }]);
  expect(await days.transactionCount()).toBeGreaterThan(0);
  await expect(days.sync(true)).rejects.toMatchObject({ code });
  // The way back is a new consent.
  const { url } = await days.renew(consent!.id);
  expect((await days.confirm(url)).outcome).toBe('GRANTED');
  await days.work();
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null, lastSyncStatus: 'SUCCESS' });
});

it('a renewal that is withdrawn ends, and the working consent does not', async () => {
  const days = await linkedDays();
  const { consentId, url } = await days.renew();
  await revokeConsent(days.context, days.scope, consentId);
  await days.work();
  expect((await days.consents()).map(({ status }) => status)).toEqual(['ACTIVE', 'REVOKED']);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE' });
  await expect(days.confirm(url)).rejects.toThrow();
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
});

it('one that the person ends at the bank is noticed by the next sync, which says so', async () => {
  const days = await linkedDays();
  const [consent] = await days.consents();
  const atBank = days.server.bank.consents.find(consent?.bankConsentId ?? '');
  days.server.bank.consents.save({ ...atBank!, status: 'revokedByPsu' });
  await days.liveUntil('2026-01-06T12:00:00Z');
  expect(await days.consents()).toMatchObject([{ status: 'REVOKED', failure: { code: 'CONSENT_REVOKED_AT_BANK' } }]);
  expect(await days.connection()).toMatchObject({
    status: 'ACTION_REQUIRED',
    failure: { code: 'CONSENT_REVOKED_AT_BANK' },
    nextSyncAt: null,
  });
});

it('is NOT_FOUND for a stranger, who can neither end nor renew it', async () => {
  const days = await linkedDays();
  const [consent] = await days.consents();
  const stranger = clientScope(newId('client', days.clock.now()));
  await expect(revokeConsent(days.context, stranger, consent!.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const renewal = { consentId: consent!.id, redirectUrl: null, psu: { ipAddress: '192.0.2.7' } };
  await expect(renewConsent(days.context, stranger, renewal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await days.consents()).map(({ status }) => status)).toEqual(['ACTIVE']);
});

it('a sync under way when it happens stops, and says why', async () => {
  const days = await linkedDays();
  const [consent] = await days.consents();
  const connector = days.context.connectors.get('berlin-group')!;
  const connectors = new Map([
    [
      'berlin-group',
      {
        ...connector,
        async listAccounts(...args: Parameters<typeof connector.listAccounts>) {
          const accounts = await connector.listAccounts(...args);
          await revokeConsent({ ...days.context, actor: asUser }, days.scope, consent!.id);
          return accounts;
        },
      },
    ],
  ]);
  days.clock.advance(1000);
  const { connectionId, scope, context } = days;
  const { syncId } = await requestSync(context, scope, { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu: null });
  await runSync({ ...context, connectors }, scope, syncId, new AbortController().signal);
  expect((await days.syncs()).at(-1)).toMatchObject({
    status: 'ACTION_REQUIRED',
    failure: { code: 'CONSENT_REVOKED_BY_USER' },
  });
  expect(await days.connection()).toMatchObject({ failure: { code: 'CONSENT_REVOKED_BY_USER' } });
});

it('a first authorisation that nobody confirms leaves a connection with a way out', async () => {
  const days = await bankDays();
  await days.liveUntil('2026-01-05T12:00:00Z');
  expect(await days.consents()).toMatchObject([{ status: 'REJECTED', failure: { code: 'SCA_TIMEOUT' } }]);
  expect(await days.connection()).toMatchObject({ status: 'ACTION_REQUIRED', failure: { code: 'SCA_TIMEOUT' } });
  const atBank = days.server.bank.consents.find((await days.consents())[0]?.bankConsentId ?? '');
  expect(atBank?.status).not.toBe('received');
  const { url } = await days.renew();
  expect((await days.confirm(url)).outcome).toBe('GRANTED');
  await days.work();
  expect((await days.syncs()).at(-1)).toMatchObject({ type: 'LIST_ACCOUNTS', status: 'SUCCEEDED' });
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
});
