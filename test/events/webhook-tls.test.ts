import { createServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { createWebhook } from '../../src/actions/create-webhook.ts';
import { updateWebhook } from '../../src/actions/update-webhook.ts';
import { selfSigned, testAuthority } from '../support/certificates.ts';
import { openReceiver } from '../support/receiver.ts';
import { append } from './log-support.ts';
import { deliveryHouse, marksOf } from './webhook-support.ts';

const host = 'hook.example';
const resolve = async () => [{ address: '127.0.0.1', family: 4 }];

async function strictReceiver() {
  const authority = await testAuthority();
  const own = await authority.issue(`CN=${host}`, [{ type: 'dns', value: host }]);
  const client = await authority.issue('CN=tributary');
  const shown: string[] = [];
  const receiver = await openReceiver((handle) =>
    createServer(
      { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        if (request.socket instanceof TLSSocket) shown.push(String(request.socket.getPeerCertificate().subject.CN));
        handle?.call(undefined as never, request, response);
      },
    ),
  );
  const house = await deliveryHouse({ sender: { resolve, certificateAuthorities: [authority.certificate] } });
  const url = `https://${host}:${receiver.port}/hook`;
  const outcomes = async () =>
    (await house.database.sql`select outcome from webhook_attempts order by started_at, number`).map(
      (row) => row['outcome'],
    );
  return { authority, client, shown, receiver, house, url, outcomes };
}

const input = { types: ['account.updated'] as const, isOrdered: false, after: null };

test('an endpoint that wants mutual TLS is called with the certificate, which is kept sealed', async () => {
  const { client, shown, receiver, house, url } = await strictReceiver();
  const clientCertificate = { certificate: client.certificate, privateKey: client.key };
  await createWebhook(house.actions, house.client, { ...input, url, clientCertificate });
  await append(house.database, house.user, 'a');
  await house.deliver();
  expect([marksOf(receiver), shown]).toEqual([['a'], ['tributary']]);
  const [row] = await house.database.sql`
    select encode(sealed_client_certificate, 'escape') as sealed, client_certificate_expires_at > now() as is_valid
    from webhooks`;
  expect(row).toMatchObject({ is_valid: true });
  expect(String(row!['sealed'])).not.toContain('PRIVATE KEY');
});

test('without the certificate nothing arrives, until it is added', async () => {
  const { client, receiver, house, url, outcomes } = await strictReceiver();
  const { id } = await createWebhook(house.actions, house.client, { ...input, url });
  await append(house.database, house.user, 'a');
  await house.deliver();
  expect(receiver.received).toEqual([]);
  expect(await outcomes()).not.toContain('SUCCEEDED');
  const clientCertificate = { certificate: client.certificate, privateKey: client.key };
  await updateWebhook(house.actions, house.client, id, { clientCertificate });
  house.clock.advance(60_000);
  await house.deliver();
  expect(marksOf(receiver)).toEqual(['a']);
});

test('a receiver with a certificate that nobody vouches for, or of another name, gets nothing', async () => {
  const { authority, house, outcomes } = await strictReceiver();
  const other = await authority.issue('CN=other.example', [{ type: 'dns', value: 'other.example' }]);
  for (const own of [await selfSigned(`CN=${host}`), other]) {
    const receiver = await openReceiver((handle) => createServer({ cert: own.certificate, key: own.key }, handle));
    await createWebhook(house.actions, house.client, { ...input, url: `https://${host}:${receiver.port}/` });
    await append(house.database, house.user, 'a');
    await house.deliver();
    expect(receiver.received).toEqual([]);
  }
  expect(new Set(await outcomes())).toEqual(new Set(['TLS_FAILED']));
});

test('a key of another certificate, or one that has expired, is refused', async () => {
  const { authority, client, house, url } = await strictReceiver();
  const other = await authority.issue('CN=other');
  const create = (clientCertificate: { certificate: string; privateKey: string }) =>
    createWebhook(house.actions, house.client, { ...input, url, clientCertificate });
  const refused = { code: 'VALIDATION_FAILED', issues: [{ path: ['clientCertificate'] }] };
  await expect(create({ certificate: client.certificate, privateKey: other.key })).rejects.toMatchObject(refused);
  house.clock.advance(7 * 86_400_000);
  await expect(create({ certificate: client.certificate, privateKey: client.key })).rejects.toMatchObject(refused);
});
