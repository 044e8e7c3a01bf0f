import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { acceptTerms } from '../../src/actions/accept-terms.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { auditEntries, clients, connections, events, users } from '../../src/store/schema/tables.ts';
import { bankWorld } from '../support/linked-bank.ts';

/** A client whose users must accept version 2026-11. */
async function strictClient() {
  const world = await bankWorld();
  const { db } = world.database;
  await db.update(clients).set({ mustAcceptTerms: true, termsVersion: '2026-11' });
  const input = { providerId: world.provider.id, channels: null, redirectUrl: null, psu: null } as const;
  return { ...world, db, link: () => startConnection(world.context, world.scope, input) };
}

test('nobody links a bank before the current terms are accepted, and nothing is begun', async () => {
  const { link, db, bank } = await strictClient();
  await expect(link()).rejects.toMatchObject({
    code: 'TERMS_NOT_ACCEPTED',
    message: 'The person must accept the terms, version 2026-11, first: termsAccept.',
  });
  expect([await db.$count(connections), await db.$count(events), bank.calls]).toEqual([0, 0, []]);
});

test('who has accepted them links, until there are new ones', async () => {
  const { context, scope, link, db } = await strictClient();
  await acceptTerms(context, scope, '2026-11');
  await link();
  await db.update(clients).set({ termsVersion: '2026-12' });
  await expect(link()).rejects.toMatchObject({ code: 'TERMS_NOT_ACCEPTED' });
});

test('accepting is written down once: when, which version, in the log and in the audit trail', async () => {
  const { context, scope, clock, db } = await strictClient();
  await acceptTerms(context, scope, '2026-11');
  await acceptTerms(context, scope, '2026-11');
  expect((await db.select().from(users))[0]).toMatchObject({
    acceptedTermsVersion: '2026-11',
    acceptedTermsAt: clock.now(),
  });
  expect((await db.select().from(events)).map(({ type, facts }) => [type, facts])).toEqual([
    ['terms.accepted', { version: '2026-11' }],
  ]);
  const trail = await db.select().from(auditEntries).where(eq(auditEntries.action, 'terms.accept'));
  expect(trail.map(({ subject }) => subject)).toEqual([{ userId: scope.userId, version: '2026-11' }]);
});

test('a version that is not the current one is refused with the current one, and nothing is written', async () => {
  const { context, scope, db } = await strictClient();
  await expect(acceptTerms(context, scope, '2025-01')).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    issues: [{ path: ['version'], message: 'The current version is 2026-11: show it, then accept that one.' }],
  });
  expect((await db.select().from(users))[0]?.acceptedTermsVersion).toBeNull();
  expect(await db.$count(events)).toBe(0);
});
