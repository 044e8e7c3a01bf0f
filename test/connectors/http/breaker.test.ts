import { expect, test, vi } from 'vitest';
import { manualClock } from '../../../src/kernel/clock.ts';
import { get, openHttp, openServer, post } from './fake-server.ts';

const clock = manualClock(new Date('2026-03-10T09:00:00Z'));

test('a dead bank is left alone, and the caller is told until when', async () => {
  const { origin, received } = await openServer((_, response) => response.writeHead(503).end());
  const http = openHttp({ clock, deadAnswersMax: 3, retriesMax: 0, deadForMilliseconds: 30_000 });
  for (let count = 0; count < 3; count += 1)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await http.send(post(origin))).toMatchObject({ status: 503 });
  await expect(http.send(get(origin))).rejects.toMatchObject({
    code: 'BANK_UNAVAILABLE',
    retryAt: new Date('2026-03-10T09:00:30Z'),
  });
  expect(received).toHaveLength(3);
});

test('a bank that dies bars no other', async () => {
  const dead = await openServer((_, response) => response.writeHead(502).end());
  const alive = await openServer((_, response) => response.end('ok'));
  const http = openHttp({ clock, deadAnswersMax: 1, retriesMax: 0 });
  await http.send(get(dead.origin));
  await expect(http.send(get(dead.origin))).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
  expect((await http.send(get(alive.origin))).body).toBe('ok');
});

test('comes back to life with the first call that is answered', async () => {
  let status = 503;
  const { origin } = await openServer((_, response) => response.writeHead(status).end());
  const http = openHttp({ clock, deadAnswersMax: 1, retriesMax: 0, deadForMilliseconds: 1 });
  await http.send(get(origin));
  status = 200;
  await vi.waitUntil(() =>
    http.send(get(origin)).then(
      ({ status: found }) => found === 200,
      () => false,
    ),
  );
  expect(await http.send(get(origin))).toMatchObject({ status: 200 });
});

test.each([400, 401, 404, 429, 500])('a bank that answers %i is alive, however often', async (status) => {
  const { origin, received } = await openServer((_, response) => response.writeHead(status).end());
  const http = openHttp({ clock, deadAnswersMax: 2, retriesMax: 0 });
  for (let count = 0; count < 6; count += 1)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await http.send(get(origin))).toMatchObject({ status });
  expect(received).toHaveLength(6);
});

test('one answer in between shows that it lives', async () => {
  let count = 0;
  const { origin } = await openServer((_, response) => {
    count += 1;
    response.writeHead(count % 3 === 0 ? 200 : 503).end();
  });
  const http = openHttp({ clock, deadAnswersMax: 3, retriesMax: 0 });
  const statuses: number[] = [];
  for (let call = 0; call < 9; call += 1)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    statuses.push((await http.send(get(origin))).status);
  expect(statuses).toEqual([503, 503, 200, 503, 503, 200, 503, 503, 200]);
});

test('what is called off says nothing about the bank', async () => {
  const { origin, received } = await openServer((incoming, response) => {
    if (incoming.url === '/quick') response.end('ok');
  });
  const http = openHttp({ clock, deadAnswersMax: 1 });
  const controller = new AbortController();
  const hanging = http.send(get(`${origin}/hangs`, controller.signal));
  await vi.waitUntil(() => received.length === 1);
  controller.abort(new Error('called off'));
  await expect(hanging).rejects.toThrow('called off');
  expect((await http.send(get(`${origin}/quick`))).body).toBe('ok');
});
