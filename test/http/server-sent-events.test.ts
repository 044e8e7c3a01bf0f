import { createClient } from 'graphql-sse';
import { expect, onTestFinished, test } from 'vitest';
import { permissions } from '../../src/domain/viewer.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { openGateway } from '../support/gateway.ts';

const query = 'subscription { events(after: "ZXZ0OjA6MA") { ... on AccountUpdatedEvent { changed } } }';

async function house() {
  const gateway = await openGateway();
  const scope = await makeUser(gateway.database, await makeClient(gateway.database));
  const token = gateway.issue({ kind: 'user', ...scope, permissions: new Set(permissions) });
  return { gateway, scope, token };
}

test('a graphql-sse client receives events, replayed and live', async () => {
  const { gateway, scope, token } = await house();
  await append(gateway.database, scope, 'a');
  const client = createClient({
    url: `${gateway.url}/graphql`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  onTestFinished(() => client.dispose());
  const results = client.iterate({ query });
  expect((await results.next()).value).toEqual({ data: { events: { changed: ['a'] } } });
  await append(gateway.database, scope, 'b');
  expect((await results.next()).value).toEqual({ data: { events: { changed: ['b'] } } });
});

test('a plain stream ends with an error that says so when its token expires', async () => {
  const { gateway, scope, token } = await house();
  await append(gateway.database, scope, 'a');
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('"changed":["a"]') && !text.includes('expired')) gateway.clock.advance(3_600_001);
  }
  const messages = text.split('\n').filter((line) => /^(event|data):/.test(line));
  expect(messages).toEqual([
    'event: next',
    'data: {"data":{"events":{"changed":["a"]}}}',
    'event: next',
    expect.stringMatching(/^data: \{"errors":\[\{"message":"The access token has expired\.".*"code":"UNAUTHENTICATED"/),
    'event: complete',
    'data:',
  ]);
});

test('on a drain a stream ends without `complete`, which makes clients come back', async () => {
  const { gateway, scope, token } = await house();
  await append(gateway.database, scope, 'a');
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  let text = '';
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('"changed":["a"]')) void gateway.close();
    }
  })();
  await expect(reading).rejects.toThrow('terminated');
  expect(text).not.toContain('complete');
});
