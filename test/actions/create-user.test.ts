import { describe, expect, it } from 'vitest';
import { createUser } from '../../src/actions/create-user.ts';
import { updateUser } from '../../src/actions/update-user.ts';
import { events, eventStreams } from '../../src/store/schema/events.ts';
import { users } from '../../src/store/schema/clients.ts';
import { houseContext } from '../support/house-context.ts';
import { seedClient } from '../support/fixtures.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';

const context = await houseContext();
const { database } = context;
const password = 'sesame-1';

async function everything() {
  return {
    users: await database.db.select().from(users).orderBy(users.id),
    events: await database.db.select().from(events).orderBy(events.id),
    streams: await database.db.select().from(eventStreams).orderBy(eventStreams.userId),
  };
}

describe('createUser', () => {
  it('adds the user with a hashed password and tells the log', async () => {
    const clientId = await seedClient(database);
    const userId = await createUser(context, clientId, { email: 'Ada@Example.com', password, locale: 'fr-FR' });
    const { users: rows, events: log } = await everything();
    expect(rows.find((row) => row.id === userId)).toMatchObject({
      clientId,
      email: 'Ada@Example.com',
      locale: 'fr-FR',
      passwordHash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
    });
    expect(log.filter((event) => event.userId === userId)).toMatchObject([
      { clientId, type: 'user.created', sequence: 1n, facts: {} },
    ]);
  });

  it('names everything that is wrong at once, and writes nothing', async () => {
    const clientId = await seedClient(database);
    const before = await everything();
    const input = { email: 'no e-mail', password: 'abcdef', locale: 'f_r' };
    await expect(createUser(context, clientId, input)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['email'] }, { path: ['password'] }, { path: ['locale'] }],
    });
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['abc12', false],
    ['abcdef', false],
    ['123456', false],
    ['abcde1', true],
    ['пароль1', true],
    [`a1${'x'.repeat(1023)}`, false],
  ])('judges the password %j by the rule', async (candidate, isGood) => {
    const creation = createUser(context, await seedClient(database), { email: 'a@example.com', password: candidate });
    if (isGood) await expect(creation).resolves.toMatch(/^usr_/);
    else await expect(creation).rejects.toMatchObject({ issues: [{ path: ['password'] }] });
  });

  it('answers CONFLICT for an e-mail of the same client in any case, and writes nothing', async () => {
    const clientId = await seedClient(database);
    await createUser(context, clientId, { email: 'ada@example.com', password });
    const before = await everything();
    await expect(createUser(context, clientId, { email: 'ADA@EXAMPLE.COM', password })).rejects.toMatchObject({
      code: 'CONFLICT',
      issues: [{ path: ['email'] }],
    });
    expect(await everything()).toEqual(before);
  });

  it('lets two clients have users with the same e-mail', async () => {
    const input = { email: 'ada@example.com', password };
    const ids = [
      await createUser(context, await seedClient(database), input),
      await createUser(context, await seedClient(database), input),
    ];
    expect(new Set(ids).size).toBe(2);
  });

  it('lets one of many at once win', async () => {
    const clientId = await seedClient(database);
    const attempts = Array.from({ length: 8 }, (_, index) =>
      createUser(context, clientId, { email: index % 2 ? 'Race@example.com' : 'race@example.com', password }),
    );
    const outcomes = await Promise.allSettled(attempts);
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CONFLICT' });
    }
    const { events: log } = await everything();
    expect(log.filter((event) => event.clientId === clientId)).toHaveLength(1);
  });
});

describe('updateUser', () => {
  it('changes what is given and tells the log', async () => {
    const clientId = await seedClient(database);
    const userId = await createUser(context, clientId, { email: 'eve@example.com', password, locale: 'fr' });
    await updateUser(context, scopeOfRow({ clientId, userId }), { email: 'EVE@example.com', locale: null });
    const { users: rows, events: log } = await everything();
    expect(rows.find((row) => row.id === userId)).toMatchObject({ email: 'EVE@example.com', locale: null });
    expect(log.filter((event) => event.userId === userId).map((event) => event.type)).toEqual([
      'user.created',
      'user.updated',
    ]);
  });

  it('refuses a taken e-mail, a weak password and another client’s user, and changes nothing', async () => {
    const clientId = await seedClient(database);
    const userId = await createUser(context, clientId, { email: 'eve@example.com', password });
    await createUser(context, clientId, { email: 'ada@example.com', password });
    const before = await everything();
    const scope = scopeOfRow({ clientId, userId });
    await expect(updateUser(context, scope, { email: 'Ada@example.com' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(updateUser(context, scope, { password: 'weak' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    const foreign = scopeOfRow({ clientId: await seedClient(database), userId });
    await expect(updateUser(context, foreign, { locale: 'en' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await everything()).toEqual(before);
  });
});
