import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createWebhook } from '../../src/actions/create-webhook.ts';
import { updateWebhook } from '../../src/actions/update-webhook.ts';
import { createWebhookSender } from '../../src/events/webhook-sender.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { isAllowedAddress } from '../../src/kernel/internet-address.ts';
import { openReceiver } from '../support/receiver.ts';
import { append } from './log-support.ts';
import { deliveryHouse, hooked } from './webhook-support.ts';

const refused = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::7f00:1',
  '64:ff9b::a00:1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2002:7f00:1::',
  'fe80::1%eth0',
  '8.8.8.8.',
  '8.8.8',
  '08.8.8.8',
  '256.8.8.8',
  '2606:4700::1111]/[::',
  '2606:4700::1111::',
  'not an address',
  '',
];

test.each(refused)('%s is not of the internet', (address) => {
  expect(isAllowedAddress(address, false)).toBe(false);
});

test.each([
  '8.8.8.8',
  '93.184.215.14',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450:4007::1',
  '2606:4700:0:0::1.2.3.4',
  '2003:1:2:3:4:5:6:ABCD',
])('%s is', (address) => expect(isAllowedAddress(address, false)).toBe(true));

test('a sandbox allows this machine, and nothing else that is private', () => {
  expect(['127.0.0.1', '::1'].map((address) => isAllowedAddress(address, true))).toEqual([true, true]);
  expect(refused.filter((address) => isAllowedAddress(address, true))).toEqual(['127.0.0.1', '127.255.255.254', '::1']);
});

const request = { headers: {}, body: '{}', certificate: null };

const privateUrls = [
  'https://10.0.0.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:8.8.8.8]/',
  'https://[fd12:3456::1]/',
  'https://0xa.1/',
  'https://167772161/',
  'https://10.0.0.1./',
];
const ofThisMachine = ['https://0x7f.1/', 'https://2130706433/', 'https://[::1]/'];

test.each([...privateUrls, ...ofThisMachine])('sends nothing to %s, written as an address', async (url) => {
  const sender = createWebhookSender({ clock: systemClock, isLoopbackAllowed: false });
  expect(await sender.post({ ...request, url })).toMatchObject({ outcome: 'ADDRESS_REFUSED', statusCode: null });
  await sender.close();
});

test('sends nothing by http outside of a sandbox, and nothing to a name that leads to a private address', async () => {
  const { port, received } = await openReceiver();
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const sender = createWebhookSender({ clock: systemClock, isLoopbackAllowed: false, resolve });
  for (const url of [`http://hook.example:${port}/`, `https://hook.example:${port}/`]) {
    expect(await sender.post({ ...request, url })).toMatchObject({ outcome: 'ADDRESS_REFUSED' });
  }
  expect(received).toEqual([]);
  await sender.close();
});

test('one private address among public ones refuses the name', async () => {
  const resolve = async () => [
    { address: '93.184.215.14', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  const sender = createWebhookSender({ clock: systemClock, isLoopbackAllowed: true, resolve });
  expect(await sender.post({ ...request, url: 'http://hook.example/' })).toMatchObject({ outcome: 'ADDRESS_REFUSED' });
  await sender.close();
});

test('a name that changes its answer is resolved once for each connection, and the bad answer is refused', async () => {
  const { port, received } = await openReceiver();
  const answers = ['127.0.0.1', '10.0.0.1'];
  let lookups = 0;
  const resolve = async () => [{ address: answers[lookups++] ?? '10.0.0.1', family: 4 }];
  const open = () => createWebhookSender({ clock: systemClock, isLoopbackAllowed: true, resolve });
  const senders = [open(), open()];
  const url = `http://hook.example:${port}/`;
  // What was checked is what is connected to: the second answer would have come to a check that looks again.
  expect(await senders[0]!.post({ ...request, url })).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(lookups).toBe(1);
  expect(await senders[1]!.post({ ...request, url })).toMatchObject({ outcome: 'ADDRESS_REFUSED' });
  expect(lookups).toBe(2);
  expect(received).toHaveLength(1);
  await Promise.all(senders.map((sender) => sender.close()));
});

test('a redirect is not followed, wherever it leads', async () => {
  const house = await deliveryHouse();
  const target = await openReceiver();
  const { receiver } = await hooked(house);
  receiver.answer = () => ({ status: 307, headers: { location: target.url } });
  await append(house.database, house.user, 'a');
  await house.deliver();
  expect(target.received).toEqual([]);
  const [attempt] = await house.database.sql`
    select outcome, status_code from webhook_attempts order by started_at desc, outcome limit 1`;
  expect(attempt).toEqual({ outcome: 'REDIRECT_REFUSED', status_code: 307 });
});

test('an answer without end is cut, and its beginning is kept', async () => {
  const { url } = await openReceiver();
  const endless = await openReceiver();
  endless.answer = () => ({ status: 500, body: 'x'.repeat(1_000_000) });
  const sender = createWebhookSender({ clock: systemClock, isLoopbackAllowed: true });
  const result = await sender.post({ ...request, url: endless.url });
  expect(result).toMatchObject({ outcome: 'STATUS_REFUSED', snippet: 'x'.repeat(1024) });
  expect(await sender.post({ ...request, url })).toMatchObject({ outcome: 'SUCCEEDED' });
  await sender.close();
});

test('an answer that does not begin, or does not end, in time is TIMED_OUT, and the connection is given up', async () => {
  const silent = await openReceiver();
  silent.answer = () => new Promise(() => {});
  let given = 0;
  const dribbling = createServer((_, response) => {
    const dribble = setInterval(() => response.write('x'), 5);
    response.once('close', () => {
      clearInterval(dribble);
      given += 1;
    });
  });
  await new Promise<void>((resolve) => dribbling.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void dribbling.close());
  const { port } = dribbling.address() as AddressInfo;
  const sender = createWebhookSender({ clock: systemClock, isLoopbackAllowed: true, timeoutMilliseconds: 100 });
  for (const url of [silent.url, `http://127.0.0.1:${port}/`]) {
    expect(await sender.post({ ...request, url })).toMatchObject({ outcome: 'TIMED_OUT', statusCode: null });
  }
  await vi.waitFor(() => expect(given).toBe(1), 10_000);
  await sender.close();
});

test('outside of a sandbox an endpoint must be https, and never holds a password', async () => {
  const { actions, client } = await deliveryHouse();
  const input = { types: [], isOrdered: false, after: null };
  const production = { ...actions, isLoopbackAllowed: false };
  for (const url of ['http://hook.example/', 'ftp://hook.example/', 'hook', 'https://user:secret@hook.example/']) {
    await expect(createWebhook(production, client, { ...input, url })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['url'] }],
    });
  }
});

const anyEvents = { types: [], isOrdered: false, after: null };

test.each([
  { isLoopbackAllowed: false, refusedUrls: [...privateUrls, ...ofThisMachine], allowed: 'the open internet:' },
  { isLoopbackAllowed: true, refusedUrls: privateUrls, allowed: 'the open internet or of this machine (loopback):' },
])(
  'an address of numbers is refused before it is called, and nothing changes (sandbox: $isLoopbackAllowed)',
  async (of) => {
    const { actions, client, database } = await deliveryHouse();
    const context = { ...actions, isLoopbackAllowed: of.isLoopbackAllowed };
    const { id } = await createWebhook(context, client, { ...anyEvents, url: 'https://93.184.215.14/' });
    const state = () =>
      database.sql`select to_jsonb(webhooks) as row from webhooks union all select to_jsonb(events) from events`;
    const before = await state();
    for (const url of of.refusedUrls) {
      const failure = {
        code: 'VALIDATION_FAILED',
        issues: [{ path: ['url'], message: expect.stringContaining(`Must be an address of ${of.allowed}`) }],
      };
      await expect(createWebhook(context, client, { ...anyEvents, url })).rejects.toMatchObject(failure);
      await expect(updateWebhook(context, client, id, { url })).rejects.toMatchObject(failure);
    }
    expect(await state()).toEqual(before);
  },
);

test('a sandbox takes this machine at once, and a name is judged when it is called', async () => {
  const { actions, client, database } = await deliveryHouse();
  for (const url of ofThisMachine) await createWebhook(actions, client, { ...anyEvents, url });
  const production = { ...actions, isLoopbackAllowed: false };
  await createWebhook(production, client, { ...anyEvents, url: 'https://localhost/' });
  expect(await database.sql`select 1 from webhooks`).toHaveLength(4);
});
