import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { openGateway } from '../support/gateway.ts';

const json = { 'content-type': 'application/json' };

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body });
  return { status: response.status, body: (await response.json()) as object, headers: response.headers };
}

test('says that a body is not JSON, and where', async () => {
  const { url } = await openGateway();
  const { status, body } = await post(url, '{ "query": "{ __typename ');
  expect(status).toBe(400);
  expect(body).toMatchObject({
    errors: [
      { message: expect.stringContaining('The body is not valid JSON: '), extensions: { code: 'VALIDATION_FAILED' } },
    ],
  });
});

test.each([
  ['a syntax error', '{ __typename', 'Syntax Error'],
  ['an unknown field', '{ nonsense }', 'Cannot query field "nonsense"'],
  ['a value that its scalar does not take', '{ providers(bic: "X") { nodes { id } } }', 'BIC must be a BIC'],
])('answers %s with 400, its place and a code of the catalogue', async (_what, query, message) => {
  const { url } = await openGateway();
  const accept = { accept: 'application/graphql-response+json' };
  const { status, body } = await post(url, JSON.stringify({ query }), accept);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    errors: [
      {
        message: expect.stringContaining(message),
        locations: [{ line: 1 }],
        extensions: { code: 'VALIDATION_FAILED', category: 'REQUEST', actor: 'CLIENT', recovery: 'FIX_REQUEST' },
      },
    ],
  });
});

test.each([
  ['a scheme other than Bearer', 'Basic c2FuZGJveA=='],
  ['a Bearer without a token', 'Bearer '],
  ['a Bearer with two words', 'Bearer one two'],
  ['a token that is not ours', 'Bearer unknown'],
])('refuses %s with 401 and a challenge', async (_what, authorization) => {
  const { url } = await openGateway();
  const { status, body, headers } = await post(url, '{"query":"{ __typename }"}', { authorization });
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="tributary"/);
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('refuses a token that has expired', async () => {
  const { url, issue, clock } = await openGateway();
  const token = issue({ kind: 'anonymous' });
  clock.advance(3_600_001);
  const { status, body } = await post(url, '{"query":"{ __typename }"}', { authorization: `Bearer ${token}` });
  expect([status, body]).toMatchObject([401, { errors: [{ message: expect.stringContaining('expired') }] }]);
});

test('answers introspection without a token, and asks for one where data begins', async () => {
  const { url } = await openGateway();
  expect((await post(url, '{"query":"{ __schema { queryType { name } } }"}')).status).toBe(200);
  const { body } = await post(url, '{"query":"{ events { nodes { id } } }"}');
  expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test.each(['declared', 'chunked'])('refuses a body that is too long, %s, and says how long it may be', async (kind) => {
  const { url } = await openGateway({ bodyBytesMax: 1000 });
  const body = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(2000)}` });
  const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = httpRequest(`${url}/graphql`, {
      method: 'POST',
      headers: { ...json, ...(kind === 'declared' ? { 'content-length': Buffer.byteLength(body) } : {}) },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.write(body.slice(0, 500));
    request.end(body.slice(500));
  });
  expect(answer.status).toBe(413);
  expect(answer.text).toContain('at most 1000 bytes');
});

test('takes a chunked body that is short enough', async () => {
  const { url } = await openGateway();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"query":"{ __type'));
      controller.enqueue(new TextEncoder().encode('name }"}'));
      controller.close();
    },
  });
  const init = { method: 'POST', headers: json, body, duplex: 'half' };
  const response = await fetch(`${url}/graphql`, init as RequestInit);
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test('shows nothing of a bug but an id that stands in the log', async () => {
  const logged: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => void logged.push(fields) };
  const { url } = await openGateway({
    log,
    verifyAccessToken: () => Promise.reject(new Error('password=hunter2 at /srv/secret.ts')),
  });
  const { status, body } = await post(url, '{"query":"{ __typename }"}', { authorization: 'Bearer abc' });
  expect(status).toBe(500);
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
  expect(JSON.stringify(body)).not.toMatch(/hunter2|secret/);
  expect(logged).toHaveLength(1);
});

test('refuses a forwarded address that is none, and believes one that is', async () => {
  const { url, contexts } = await openGateway();
  const query = '{"query":"{ __typename }"}';
  const bad = await post(url, query, { 'psu-ip-address': 'localhost' });
  expect([bad.status, bad.body]).toMatchObject([
    400,
    { errors: [{ message: expect.stringContaining('PSU-IP-Address') }] },
  ]);
  await post(url, query, {
    'psu-ip-address': '192.0.2.7',
    'psu-user-agent': 'Phone',
    'accept-language': 'en;q=0.5, fr-FR',
  });
  expect(contexts.at(-1)).toMatchObject({ psu: { ipAddress: '192.0.2.7', userAgent: 'Phone' }, locale: 'fr-FR' });
});
