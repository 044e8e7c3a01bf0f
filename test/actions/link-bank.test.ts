import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { deleteConnection } from '../../src/actions/delete-connection.ts';
import { endConsentAtBank } from '../../src/actions/end-consent-at-bank.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { Failure } from '../../src/domain/failure.ts';
import { newId } from '../../src/kernel/id.ts';
import { parsePayload } from '../../src/jobs/payloads.ts';
import { channels, connections, consents, events, syncs } from '../../src/store/schema/tables.ts';
import { bankWorld, linkedBank, type BankWorld } from '../support/linked-bank.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import { clientScope } from '../support/fixtures.ts';

const psu = { ipAddress: '192.0.2.1' };

/** Starts to link and gives the state that the bank's return address carried. */
async function started(world: BankWorld, redirectUrl: string | null = null) {
  let state = '';
  const connector = world.context.connectors.get('fake')!;
  const spying = {
    ...connector,
    startAuthorization: (...[call, request]: Parameters<typeof connector.startAuthorization>) => {
      ({ state } = request);
      return connector.startAuthorization(call, request);
    },
  };
  const context = { ...world.context, connectors: new Map([['fake', spying]]) };
  const input = { providerId: world.provider.id, channels: null, redirectUrl, psu };
  return { ...(await startConnection(context, world.scope, input)), state };
}

async function statuses({ database }: BankWorld) {
  const [connection] = await database.db.select().from(connections);
  const [channel] = await database.db.select().from(channels);
  const [consent] = await database.db.select().from(consents);
  return [connection?.status, channel?.status, consent?.status];
}

async function eventTypes({ database }: BankWorld) {
  const rows = await database.db.select({ type: events.type }).from(events).orderBy(events.sequence);
  return rows.map((row) => row.type);
}

describe('starting a connection', () => {
  it('answers the page of the bank and keeps no readable state or session', async () => {
    const world = await bankWorld();
    const { authorizationUrl, state } = await started(world);
    expect(authorizationUrl).toBe('https://bank.example/authorize');
    expect(state).toMatch(/^[\w-]{43}$/);
    const rows = await world.database.sql`select consents::text as row from consents`;
    expect(rows[0]!['row']).not.toContain(state);
    expect(await statuses(world)).toEqual(['AUTHORIZING', 'AUTHORIZING', 'PENDING']);
    expect(await eventTypes(world)).toEqual(['connection.created', 'consent.requested']);
  });

  it.each([
    ['an unknown provider', { providerId: newId('provider', new Date()) }, 'NOT_FOUND', ['providerId']],
    ['a channel that the provider lacks', { channels: ['EMBEDDED' as const] }, 'VALIDATION_FAILED', ['channels', 0]],
    ['a relative address', { redirectUrl: '/done' }, 'VALIDATION_FAILED', ['redirectUrl']],
    ['a script for an address', { redirectUrl: 'javascript:alert(1)' }, 'VALIDATION_FAILED', ['redirectUrl']],
  ])('refuses %s and writes nothing', async (_, over, code, path) => {
    const world = await bankWorld();
    const input = { providerId: world.provider.id, channels: null, redirectUrl: null, psu, ...over };
    const refused = startConnection(world.context, world.scope, input);
    await expect(refused).rejects.toMatchObject({ code, issues: [{ path }] });
    expect(await statuses(world)).toEqual([undefined, undefined, undefined]);
    expect(world.bank.calls).toEqual([]);
  });

  it('leaves nothing behind when the bank refuses', async () => {
    const world = await bankWorld();
    world.bank.before = () => {
      throw new Failure('BANK_UNAVAILABLE');
    };
    await expect(started(world)).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
    expect(await statuses(world)).toEqual([undefined, undefined, undefined]);
    expect((await eventTypes(world)).at(-1)).toBe('connection.deleted');
  });
});

describe('the return from the bank', () => {
  it('activates the connection and queues the first sync at once, with the person present', async () => {
    const world = await bankWorld();
    const { state, connectionId } = await started(world, 'https://client.example/done');
    const answer = await completeAuthorization(world.context, { state, parameters: {}, psu });
    expect(answer).toEqual({ outcome: 'GRANTED', connectionId, redirectUrl: 'https://client.example/done' });
    expect(await statuses(world)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    const [sync] = await world.database.db.select().from(syncs);
    expect(sync).toMatchObject({ type: 'LIST_ACCOUNTS', trigger: 'INITIAL', status: 'QUEUED', psu });
    expect((await eventTypes(world)).slice(2)).toEqual([
      'consent.granted',
      'channel.status_changed',
      'connection.status_changed',
      'sync.queued',
    ]);
  });

  it('works once: a replay is NOT_FOUND and changes nothing', async () => {
    const world = await bankWorld();
    const { state } = await started(world);
    const both = await Promise.allSettled(
      [1, 2].map(() => completeAuthorization(world.context, { state, parameters: {}, psu })),
    );
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const before = await eventTypes(world);
    const replay = completeAuthorization(world.context, { state, parameters: {}, psu });
    await expect(replay).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await eventTypes(world)).toEqual(before);
  });

  it('believes the bank and not the address', async () => {
    const world = await bankWorld();
    const { state } = await started(world);
    world.bank.consent = { status: 'REJECTED' };
    const parameters = { status: 'valid', code: 'forged' };
    expect((await completeAuthorization(world.context, { state, parameters, psu })).outcome).toBe('REJECTED');
    expect(await statuses(world)).toEqual(['ACTION_REQUIRED', 'ACTION_REQUIRED', 'REJECTED']);
  });

  it('may come again while the bank has not decided', async () => {
    const world = await bankWorld();
    const { state } = await started(world);
    const granted = world.bank.consent;
    world.bank.consent = { status: 'PENDING' };
    expect((await completeAuthorization(world.context, { state, parameters: {}, psu })).outcome).toBe('PENDING');
    world.bank.consent = granted;
    expect((await completeAuthorization(world.context, { state, parameters: {}, psu })).outcome).toBe('GRANTED');
  });

  it('is NOT_FOUND for an unknown and for an expired state', async () => {
    const world = await bankWorld();
    const { state } = await started(world);
    const unknown = completeAuthorization(world.context, { state: 'x'.repeat(43), parameters: {}, psu });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    world.clock.advance(3_600_000);
    const late = completeAuthorization(world.context, { state, parameters: {}, psu });
    await expect(late).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await statuses(world)).toEqual(['AUTHORIZING', 'AUTHORIZING', 'PENDING']);
  });
});

describe('a sync', () => {
  it('cannot be requested before the person has confirmed, nor by a stranger', async () => {
    const world = await bankWorld();
    const { connectionId } = await started(world);
    const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu: null } as const;
    await expect(requestSync(world.context, world.scope, input)).rejects.toMatchObject({
      code: 'SCA_REDIRECT_REQUIRED',
    });
    const stranger = scopeOfRow({ ...world.scope, userId: newId('user', new Date()) });
    await expect(requestSync(world.context, stranger, input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.database.db.select().from(syncs)).toEqual([]);
  });
});

describe('deleting a connection', () => {
  it('erases it at once and ends the consent at the bank by a job that needs no row', async () => {
    const world = await linkedBank();
    await deleteConnection(world.context, world.scope, world.connection.id);
    expect(await statuses(world)).toEqual([undefined, undefined, undefined]);
    expect(await eventTypes(world)).toEqual(['consent.revoked', 'connection.deleted']);
    const [job] = await world.database.sql`select payload from graphile_worker._private_jobs`;
    await endConsentAtBank(world.context, parsePayload('revoke-consent', job!['payload']));
    expect(world.bank.consent).toEqual({ status: 'REVOKED' });
  });

  it('is NOT_FOUND for a stranger, and deletes nothing', async () => {
    const world = await linkedBank();
    const stranger = clientScope(newId('client', new Date()));
    const refused = deleteConnection(world.context, stranger, world.connection.id);
    await expect(refused).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const rows = await world.database.db.select().from(connections).where(eq(connections.id, world.connection.id));
    expect(rows).toHaveLength(1);
  });
});
