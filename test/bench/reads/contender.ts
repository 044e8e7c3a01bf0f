import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { sandboxClient } from '../../../src/actions/install-sandbox-client.ts';
import { globalId } from '../../../src/graphql/global-id.ts';
import { numberedId } from '../dataset.ts';
import type { DatasetSize } from '../dataset-size.ts';
import type { LoadRequest } from '../load.ts';
import type { Question } from './questions.ts';

/** How many different things are asked for, spread over the data. */
const subjectsMax = 200;

/** The inner ids that a question is asked for. */
export function subjectsOf({ subject }: Question, { users, accountsPerUser }: DatasetSize): string[] {
  const [prefix, total] = subject === 'User' ? ['usr', users] : ['acc', users * accountsPerUser];
  const count = Math.min(subjectsMax, total);
  return Array.from({ length: count }, (_, index) => numberedId(prefix, 1 + Math.floor((index * total) / count)));
}

export function bareRequest({ name }: Question, id: string): LoadRequest {
  return { method: 'GET', path: `/${name}?id=${id}` };
}

export function gatewayRequest({ document, subject }: Question, id: string, token: string): LoadRequest {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document, variables: { id: globalId(subject, id) } }),
  };
}

const tokenShape = z.object({ access_token: z.string() });

/** An access token of the sandbox client, as any client gets one. */
export async function issueToken(gatewayUrl: string): Promise<string> {
  const { oauthClientId, secret } = sandboxClient;
  const answer = await fetch(`${gatewayUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${oauthClientId}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return tokenShape.parse(await answer.json()).access_token;
}

/** The body that answers a request; throws for any status but 200. */
async function bodyOf(url: string, { path, ...init }: LoadRequest): Promise<string> {
  const answer = await fetch(`${url}${path}`, init);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url}${path} answered ${answer.status}: ${text.slice(0, 1000)}`);
  return text;
}

const cursorKeys = new Set(['cursor', 'startCursor', 'endCursor']);

/** An answer with only the presence of its cursors: each side may write them in its own way. */
function withoutCursors(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => (cursorKeys.has(key) ? typeof value : value));
}

interface Side {
  readonly url: string;
  readonly request: LoadRequest;
}

/** Makes sure that both sides give the same answer, cursors aside; answers the bytes of each. */
export async function checkEqual(bare: Side, gateway: Side): Promise<{ bare: number; gateway: number }> {
  const [expected, found] = await Promise.all([bodyOf(bare.url, bare.request), bodyOf(gateway.url, gateway.request)]);
  if (!isDeepStrictEqual(withoutCursors(found), withoutCursors(expected))) {
    throw new Error(
      `Unequal answers to ${bare.request.path}.\nBare:    ${expected.slice(0, 2000)}\nGateway: ${found.slice(0, 2000)}`,
    );
  }
  return { bare: Buffer.byteLength(expected), gateway: Buffer.byteLength(found) };
}
