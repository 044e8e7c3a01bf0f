import { expect, it } from 'vitest';
import { createUser } from '../../src/actions/create-user.ts';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { updateUser } from '../../src/actions/update-user.ts';
import { verifyAudit, type AuditVerdict } from '../../src/actions/verify-audit.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import type { Database } from '../../src/store/database.ts';
import { testDatabase } from '../support/database.ts';
import { seedClient } from '../support/fixtures.ts';
import { houseContext } from '../support/house-context.ts';

const password = 'sesame-1';

async function verdicts(database: Database): Promise<AuditVerdict[]> {
  const all: AuditVerdict[] = [];
  for await (const verdict of verifyAudit({ database })) all.push(verdict);
  return all;
}

async function house() {
  const database = await testDatabase();
  const clientId = await seedClient(database);
  const actor = { kind: 'CLIENT', id: clientId, ipAddress: '203.0.113.77' } as const;
  const context = await houseContext({ database, actor });
  return { database, clientId, context };
}

it('writes down who did what, when and from which network, and no personal data', async () => {
  const { database, clientId, context } = await house();
  const userId = await createUser(context, clientId, { email: 'ada@example.com', password });
  const scope = scopeOfRow({ clientId, userId });
  const actor = { kind: 'USER', id: userId, ipAddress: '2001:db8:1:2:3::4' } as const;
  await updateUser({ ...context, actor }, scope, { email: 'lovelace@example.com' });
  await deleteUser(context, scope);
  const rows = await database.sql`
    select sequence::int, actor_kind, actor_id, action, subject, host(network) as network, result
    from audit_entries order by sequence`;
  expect([...rows]).toEqual([
    row(1, 'CLIENT', clientId, 'user.create', '203.0.113.0'),
    row(2, 'USER', userId, 'user.update', '2001:db8:1::'),
    row(3, 'CLIENT', clientId, 'user.delete', '203.0.113.0'),
  ]);
  function row(sequence: number, actorKind: string, actorId: string, action: string, network: string) {
    return { sequence, actor_kind: actorKind, actor_id: actorId, action, subject: { userId }, network, result: 'OK' };
  }
});

it('writes nothing down for what did not happen', async () => {
  const { database, clientId, context } = await house();
  await createUser(context, clientId, { email: 'ada@example.com', password });
  const again = createUser(context, clientId, { email: 'ADA@example.com', password });
  await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
  expect((await database.sql`select 1 from audit_entries`).count).toBe(1);
});

it('holds together however many act at once, one chain for each client', async () => {
  const { database, clientId, context } = await house();
  const other = await seedClient(database, 'Other');
  const emails = Array.from({ length: 12 }, (_, index) => `user-${index}@example.com`);
  await Promise.all(
    emails.map((email, index) => createUser(context, index % 3 === 0 ? other : clientId, { email, password })),
  );
  expect(await verdicts(database)).toMatchObject(
    [
      { clientId, soundCount: 8n, broken: null },
      { clientId: other, soundCount: 4n, broken: null },
    ].toSorted((left, right) => (left.clientId < right.clientId ? -1 : 1)),
  );
});

it('cannot be changed, emptied or cut by the application', async () => {
  const { database, clientId, context } = await house();
  await createUser(context, clientId, { email: 'ada@example.com', password });
  const { sql } = database;
  await expect(sql`update audit_entries set action = 'x'`).rejects.toThrow('append-only: update is refused');
  await expect(sql`delete from audit_entries`).rejects.toThrow('append-only: delete is refused');
  await expect(sql`truncate audit_entries`).rejects.toThrow('append-only: truncate is refused');
});

it.each([
  ['a changed word', "update audit_entries set action = 'user.update' where sequence = 2", 2n, 'content'],
  ['a changed hash', 'update audit_entries set hash = sha256(hash) where sequence = 2', 2n, 'content'],
  ['a missing entry', 'delete from audit_entries where sequence = 2', 2n, 'missing'],
  [
    'an entry made anew in its place',
    `update audit_entries set subject = '{}' where sequence = 2;
     update audit_entries set hash = sha256(convert_to(audit_content(audit_entries), 'UTF8')) where sequence = 2`,
    3n,
    'follow',
  ],
])(
  'names the first broken link: %s, by whoever may switch triggers off',
  async (_what, tampering, sequence, reason) => {
    const { database, clientId, context } = await house();
    for (const name of ['a', 'b', 'c']) await createUser(context, clientId, { email: `${name}@example.com`, password });
    await database.sql.unsafe(`alter table audit_entries disable trigger all; ${tampering}`);
    const [verdict] = await verdicts(database);
    expect(verdict).toMatchObject({ broken: { sequence, reason: expect.stringContaining(reason) } });
    expect(verdict?.soundCount).toBe(sequence - 1n);
  },
);
