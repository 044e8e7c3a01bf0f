import type { GraphQLError } from 'graphql';
import { createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { TestGateway } from './gateway.ts';

/** A running subscription over a socket of its own. */
export interface Following {
  /** The next results. */
  take(count: number): Promise<unknown[]>;
  /** The errors with which the subscription was refused. */
  failure(): Promise<unknown>;
  /** Ends the subscription. */
  end(): Promise<void>;
}

/** Subscribes with the graphql-ws client. */
export function follow(
  gateway: TestGateway,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Following {
  const client = createClient({
    url: gateway.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  onTestFinished(() => void client.dispose());
  const results = client.iterate({ query, variables });
  return {
    async take(count) {
      const taken: unknown[] = [];
      while (taken.length < count) {
        const { done, value } = await results.next();
        if (done) throw new Error(`The subscription ended after ${taken.length} results.`);
        taken.push(value);
      }
      return taken;
    },
    async end() {
      await results.return?.();
    },
    async failure() {
      const { value } = await results.next();
      if (!value?.errors) throw new Error(`The subscription was not refused: ${JSON.stringify(value)}`);
      const errors = (value.errors as GraphQLError[]).map(({ message, extensions }) => ({ message, extensions }));
      const end = await results.next();
      if (!end.done) throw new Error('The subscription goes on after its refusal.');
      return errors;
    },
  };
}
