import { expect, it } from 'vitest';
import { deleteAccount } from '../../../src/actions/delete-account.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { bruno, linkedDays } from '../../support/bank-days.ts';

/** In minutes: a round a week keeps half a year quick. */
const week = 7 * 24 * 60;

const statuses = async (days: Awaited<ReturnType<typeof linkedDays>>) =>
  (await days.consents()).map(({ status }) => status);

it('a renewal takes the place of the old consent without a gap: same accounts, no transaction twice', async () => {
  const days = await linkedDays();
  await days.liveUntil('2026-06-20T10:00:00Z', week);
  const [before, accounts] = [await days.transactionCount(), await days.accounts()];
  expect(await statuses(days)).toEqual(['EXPIRING']);
  const { url } = await days.renew();
  expect(await statuses(days)).toEqual(['EXPIRING', 'PENDING']);
  // While the person hesitates the old one is at work.
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  expect((await days.confirm(url)).outcome).toBe('GRANTED');
  await days.work();
  const [old, renewed] = await days.consents();
  expect(old).toMatchObject({ status: 'REPLACED', successorId: renewed?.id, sealedSession: null });
  expect(renewed).toMatchObject({ status: 'ACTIVE', successorId: null, sealedSession: null });
  const atBank = days.server.bank.consents;
  expect([old, renewed].map((one) => atBank.find(one?.bankConsentId ?? '')?.status)).toEqual([
    'terminatedByTpp',
    'valid',
  ]);
  expect((await days.syncs()).at(-1)).toMatchObject({ trigger: 'INITIAL', type: 'ALL', status: 'SUCCEEDED' });
  expect((await days.accounts()).map(({ id }) => id)).toEqual(accounts.map(({ id }) => id));
  expect(await days.transactionCount()).toBe(before);
  for (const { ours, theirs } of await days.books()) expect(ours).toEqual(theirs);
  const told = (await days.events('c')).slice(-3).map(({ type }) => type);
  expect(told).toEqual(['consent.requested', 'consent.granted', 'consent.replaced']);
  // And on it goes, past the day on which the old one would have ended.
  await days.liveUntil('2026-07-20T10:00:00Z', week);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null, lastSyncStatus: 'SUCCESS' });
});

it('relinking after the consent has expired keeps the ids of the accounts and adds no transaction twice', async () => {
  const days = await linkedDays({ person: bruno, switches: { resourceIds: 'per-consent', ids: 'none' } });
  const { validUntil } = (await days.consents())[0]!;
  const deleted = (await days.accounts()).at(-1)!;
  await days.liveUntil(`${validUntil}T18:00:00Z`, week);
  const [before, accounts] = [await days.transactionCount(), (await days.accounts()).map(({ id }) => id)];
  await days.liveUntil(new Date(days.clock.now().getTime() + 12 * 3_600_000));
  expect(await statuses(days)).toEqual(['EXPIRED']);
  expect(await days.connection()).toMatchObject({
    status: 'ACTION_REQUIRED',
    failure: { code: 'CONSENT_EXPIRED' },
    nextSyncAt: null,
  });
  await expect(days.sync(true)).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
  await deleteAccount(days.context, days.scope, deleted.id);
  const { url } = await days.renew();
  expect((await days.confirm(url)).outcome).toBe('GRANTED');
  await days.work();
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  const after = await days.accounts();
  expect(after.map(({ id }) => id).toSorted()).toEqual(accounts.toSorted());
  // What its person has deleted is not brought back by a renewal.
  expect(after.find(({ id }) => id === deleted.id)?.deletedAt).not.toBe(null);
  // Nothing came twice: what we have of each account is what its bank has.
  for (const { ours, theirs } of await days.books()) expect(ours).toEqual(theirs);
  expect((await days.transactionCount()) - before).toBeLessThan(20);
});

it('a renewal that is refused, or forgotten, leaves the working consent untouched', async () => {
  const days = await linkedDays();
  const connection = await days.connection();
  const { url } = await days.renew();
  expect((await days.confirm(url, { decision: 'refuse' })).outcome).toBe('REJECTED');
  await days.renew();
  await days.liveUntil('2026-01-05T12:00:00Z');
  expect(await statuses(days)).toEqual(['ACTIVE', 'REJECTED', 'REJECTED']);
  expect((await days.consents()).map(({ failure }) => failure?.code)).toEqual([
    undefined,
    'CONSENT_REJECTED',
    'SCA_TIMEOUT',
  ]);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null, nextSyncAt: connection.nextSyncAt });
  expect(await days.channel()).toMatchObject({ status: 'ACTIVE', failure: null });
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
});

it('of two renewals the later counts: the earlier is replaced, and its page at the bank leads nowhere', async () => {
  const days = await linkedDays();
  const renewals = await Promise.allSettled([days.renew(), days.renew()]);
  await days.work();
  // The one that was replaced while its bank was asked is told so; it may as well have been quicker.
  const refused = renewals.filter((one) => one.status === 'rejected');
  expect(refused.every(({ reason }) => reason.code === 'CONFLICT')).toBe(true);
  const pending = (await days.consents()).filter(({ status }) => status === 'PENDING');
  expect(pending).toHaveLength(1);
  const replaced = (await days.consents()).filter(({ status }) => status === 'REPLACED');
  expect(replaced).toMatchObject([{ successorId: pending[0]?.id, stateHash: null, sealedSession: null }]);
  expect((await days.confirm(pending[0]?.authorizationUrl ?? null)).outcome).toBe('GRANTED');
  await days.work();
  expect((await statuses(days)).toSorted()).toEqual(['ACTIVE', 'REPLACED', 'REPLACED']);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', lastSyncStatus: 'SUCCESS' });
});

it('a bank that refuses to begin leaves a record of it, and nothing else', async () => {
  const days = await linkedDays();
  days.server.bank.faults.trigger({ kind: 'unavailable', calls: 5, path: '/berlin-group/v1/consents', days: 1 });
  await expect(days.renew()).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
  expect(await days.consents()).toMatchObject([
    { status: 'ACTIVE' },
    { status: 'REJECTED', failure: { code: 'BANK_UNAVAILABLE' }, stateHash: null },
  ]);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
});

it('a sync that the bank refuses for the old consent, while the new one comes, is done again with the new one', async () => {
  const days = await linkedDays({
    switches: { olderConsents: 'ended' },
    definition: { isConsentReplacedByBank: true },
  });
  const { url } = await days.renew();
  const connector = days.context.connectors.get('berlin-group')!;
  let isGranted = false;
  const connectors = new Map([
    [
      'berlin-group',
      {
        ...connector,
        // Between the opening of the session and the call the person confirms, and the bank ends the old consent.
        async listAccounts(...args: Parameters<typeof connector.listAccounts>) {
          if (!isGranted) {
            isGranted = true;
            days.clock.advance(1000);
            await days.confirm(url);
          }
          return connector.listAccounts(...args);
        },
      },
    ],
  ]);
  const { connectionId, scope, context } = days;
  const { syncId } = await requestSync(context, scope, { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu: null });
  const result = await runSync({ ...context, connectors }, scope, syncId, new AbortController().signal);
  expect(result).toBe('SUCCEEDED');
  expect(await statuses(days)).toEqual(['REPLACED', 'ACTIVE']);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
  // Nothing was left to revoke, and nothing was asked.
  const deleted = days.server.bank.calls.after(0).filter(({ method }) => method === 'DELETE');
  expect(deleted).toEqual([]);
});
