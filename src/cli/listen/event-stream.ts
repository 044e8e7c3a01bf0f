import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { z } from 'zod';
import { cursorAt, startOfLog } from '../../store/log-place.ts';

/** An event as it comes over the wire. */
export interface StreamedEvent {
  readonly id: string;
  readonly cursor: string;
  /** The event as JSON. */
  readonly payload: string;
}

interface EventStreamOptions {
  readonly gatewayUrl: string;
  /** A fresh access token; asked for at every connection. */
  readonly token: () => Promise<string>;
  /** GraphQL names; null for all. */
  readonly types: readonly string[] | null;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Told of each break, before the stream connects again. */
  readonly onBreak: (reason: string) => void;
  /** The first pause after a break; each further one is twice as long, up to ten seconds. */
  readonly retryMilliseconds?: number;
}

const document = `subscription ($after: Cursor, $types: [EventType!]) {
  events(after: $after, types: $types) { __typename cursor ... on Event { id payload } }
}`;

const itemShape = z.object({
  __typename: z.string(),
  cursor: z.string(),
  id: z.string().optional(),
  payload: z.string().optional(),
});
const answerShape = z.object({
  data: z.object({ events: itemShape }).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

const retryMillisecondsMax = 10_000;

/**
 * Every event from now on, in order, once: after a break of any kind it goes on behind the last one that it gave. Ends
 * when the signal aborts; throws only when the server refuses the subscription itself.
 */
export async function* streamEvents(options: EventStreamOptions): AsyncGenerator<StreamedEvent, void, void> {
  const { signal, onBreak, retryMilliseconds = 500 } = options;
  let after = await cursorOfNow(options);
  let pause = retryMilliseconds;
  while (!signal.aborted) {
    try {
      for await (const item of openSocket(options, after)) {
        after = item.cursor;
        pause = retryMilliseconds;
        if (item.id !== undefined && item.payload !== undefined) {
          yield { id: item.id, cursor: item.cursor, payload: item.payload };
        }
      }
    } catch (error) {
      if (error instanceof SubscriptionRefused) throw error;
      if (!signal.aborted) onBreak(reasonOf(error));
    }
    await delay(pause, undefined, { signal }).catch(() => {});
    pause = Math.min(2 * pause, retryMillisecondsMax);
  }
}

/** The server will not have this subscription, however often it is asked. */
class SubscriptionRefused extends Error {
  override readonly name = 'SubscriptionRefused';
}

/** The place of the last event before now, so that a break before the first event loses nothing. */
async function cursorOfNow({ gatewayUrl, token }: EventStreamOptions): Promise<string> {
  const response = await fetch(`${gatewayUrl}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ events(last: 1) { pageInfo { endCursor } } }' }),
  });
  const answer = z
    .object({
      data: z.object({ events: z.object({ pageInfo: z.object({ endCursor: z.string().nullable() }) }) }).nullish(),
      errors: z.array(z.object({ message: z.string() })).optional(),
    })
    .parse(await response.json());
  if (!answer.data) throw new SubscriptionRefused(messagesOf(answer.errors));
  return answer.data.events.pageInfo.endCursor ?? cursorAt(startOfLog);
}

async function* openSocket({ gatewayUrl, token, types, signal }: EventStreamOptions, after: string) {
  const client = createClient({
    url: `${gatewayUrl.replace(/^http/, 'ws')}/graphql`,
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    retryAttempts: 0,
  });
  const stop = () => void client.dispose();
  signal.addEventListener('abort', stop);
  try {
    for await (const answer of client.iterate({ query: document, variables: { after, types } })) {
      const { data, errors } = answerShape.parse(answer);
      if (!data) throw new SubscriptionRefused(messagesOf(errors));
      yield data.events;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await client.dispose();
  }
}

function messagesOf(errors: readonly { readonly message: string }[] | undefined): string {
  return (errors ?? []).map(({ message }) => message).join('\n') || 'The server gave no data.';
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const close = z.object({ code: z.number(), reason: z.string() }).safeParse(error);
  return close.success ? `closed with ${close.data.code} ${close.data.reason}`.trim() : 'the connection broke';
}
