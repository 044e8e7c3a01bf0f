import { expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { get, openHttp, openServer, post } from './fake-server.ts';

/** A ledger with so many calls left. */
function ledger(left: number) {
  const spent = { calls: 0 };
  const spendAgain = () => {
    if (spent.calls === left) return Promise.reject(new Failure('SYNC_BUDGET_EXHAUSTED'));
    spent.calls += 1;
    return Promise.resolve();
  };
  return { spent, spendAgain };
}

test('each further attempt is spent before it is made, the first one is the caller’s', async () => {
  const { spent, spendAgain } = ledger(10);
  const before: number[] = [];
  const { origin, received } = await openServer((_, response) => {
    before.push(spent.calls);
    response.writeHead(received.length < 3 ? 500 : 200).end();
  });
  expect(await openHttp().send({ ...get(origin), spendAgain })).toMatchObject({ status: 200 });
  expect(before).toEqual([0, 1, 2]);
});

test.each([0, 1])('with %i calls left no other attempt is made, and the last answer stands', async (left) => {
  const { spent, spendAgain } = ledger(left);
  const { origin, received } = await openServer((_, response) => response.writeHead(500).end(`${received.length}`));
  expect(await openHttp().send({ ...get(origin), spendAgain })).toMatchObject({ status: 500, body: `${left + 1}` });
  expect(received).toHaveLength(left + 1);
  expect(spent.calls).toBe(left);
});

test('a line that breaks after the request was sent is spent, and stands when nothing is left', async () => {
  const { origin, received } = await openServer((incoming) => incoming.socket.destroy());
  const { spent, spendAgain } = ledger(1);
  await expect(openHttp().send({ ...get(origin), spendAgain })).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
  expect(received).toHaveLength(2);
  expect(spent.calls).toBe(1);
});

test('an attempt that never left this machine costs nothing: refused, or without an address', async () => {
  const { origin, port } = await openServer(() => {});
  const { spent, spendAgain } = ledger(0);
  let resolved = 0;
  const http = openHttp({
    resolve(hostname) {
      resolved += 1;
      return Promise.reject(Object.assign(new Error(hostname), { code: 'ENOTFOUND' }));
    },
  });
  await expect(http.send({ ...get(`http://bank.example:${port}`), spendAgain })).rejects.toMatchObject({
    code: 'BANK_UNAVAILABLE',
  });
  expect(resolved).toBe(3);
  const closed = new URL(origin);
  closed.port = '1';
  await expect(openHttp().send({ ...get(closed.href), spendAgain })).rejects.toMatchObject({
    code: 'BANK_UNAVAILABLE',
  });
  expect(spent.calls).toBe(0);
});

test('a ledger that cannot be asked ends the call by its own error', async () => {
  const { origin, received } = await openServer((_, response) => response.writeHead(500).end());
  const spendAgain = () => Promise.reject(new Error('The database is away.'));
  await expect(openHttp().send({ ...get(origin), spendAgain })).rejects.toThrow('The database is away.');
  expect(received).toHaveLength(1);
});

test('what is never repeated spends nothing', async () => {
  const { spent, spendAgain } = ledger(10);
  const { origin } = await openServer(({ method }, response) =>
    method === 'POST' ? response.writeHead(500).end() : response.writeHead(503, { 'retry-after': '60' }).end(),
  );
  expect(await openHttp().send({ ...post(origin), spendAgain })).toMatchObject({ status: 500 });
  expect(await openHttp().send({ ...get(origin), spendAgain })).toMatchObject({ status: 503 });
  expect(spent.calls).toBe(0);
});
