import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { get, openHttp, openServer, post } from './fake-server.ts';

test('asks no more of one bank at once than it is allowed, and the rest in turn', async () => {
  const open: ServerResponse[] = [];
  const { origin } = await openServer((_, response) => open.push(response));
  const http = openHttp({ callsPerBankMax: 2 });
  const calls = Array.from({ length: 5 }, () => http.send(get(origin)));
  const finished: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const expected = Math.min(2, 5 - count);
    // oxlint-disable-next-line no-await-in-loop -- one answer after the other
    await vi.waitUntil(() => open.length === expected);
    finished.push(open.length);
    open.shift()?.end('ok');
  }
  expect((await Promise.all(calls)).map(({ body }) => body)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  expect(finished).toEqual([2, 2, 2, 2, 1]);
});

test('a bank that is slow holds up no other', async () => {
  const slow = await openServer(() => {});
  const quick = await openServer((_, response) => response.end('ok'));
  const http = openHttp({ callsPerBankMax: 1 });
  const controller = new AbortController();
  const hanging = http.send(get(slow.origin, controller.signal));
  expect((await http.send(get(quick.origin))).body).toBe('ok');
  controller.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
});

test('what waits too long in number is refused, not kept', async () => {
  const { origin, received } = await openServer(() => {});
  const http = openHttp({ callsPerBankMax: 1, waitingCallsPerBankMax: 1 });
  const controller = new AbortController();
  const waiting = [http.send(get(origin, controller.signal)), http.send(get(origin, controller.signal))];
  await expect(http.send(get(origin))).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE', retryAt: null });
  controller.abort(new Error('enough'));
  await Promise.allSettled(waiting);
  expect(received.length).toBeLessThanOrEqual(1);
});

test('an answer that is too long is refused at the first byte too many', async () => {
  const { origin } = await openServer((_, response) => response.end('x'.repeat(2000)));
  const http = openHttp({ answerBytesMax: 1000 });
  await expect(http.send(get(origin))).rejects.toMatchObject({ code: 'BANK_ERROR' });
  const { body } = await openHttp({ answerBytesMax: 2000 }).send(get(origin));
  expect(body).toHaveLength(2000);
});

test('a redirect is an answer, and is not followed', async () => {
  const target = await openServer((_, response) => response.end('secret'));
  const { origin } = await openServer((_, response) => response.writeHead(302, { location: target.origin }).end());
  expect(await openHttp().send(get(origin))).toMatchObject({ status: 302, body: '' });
  expect(target.received).toEqual([]);
});

test('only a GET is asked again', async () => {
  const { origin, received } = await openServer((_, response) => response.writeHead(500).end());
  const http = openHttp({ retriesMax: 2 });
  expect(await http.send(post(origin))).toMatchObject({ status: 500 });
  expect(received).toHaveLength(1);
  expect(await http.send(get(origin))).toMatchObject({ status: 500 });
  expect(received).toHaveLength(4);
});

test('a bank that says when to come back is not asked again before', async () => {
  const { origin, received } = await openServer((_, response) =>
    response.writeHead(503, { 'retry-after': '120' }).end(),
  );
  expect(await openHttp().send(get(origin))).toMatchObject({ status: 503, headers: { 'retry-after': '120' } });
  expect(received).toHaveLength(1);
});
