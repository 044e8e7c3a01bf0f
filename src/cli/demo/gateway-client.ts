import { createClient } from 'graphql-ws';
import { z } from 'zod';

/** A GraphQL client as an integrator would write one: fetch for questions, graphql-ws for live events. */
export interface GatewayClient {
  /** Runs an operation and reads its data with the given shape; throws with the server's own words when it fails. */
  ask<Shape extends z.ZodType>(shape: Shape, document: string, variables?: object): Promise<z.infer<Shape>>;
  /** Streams a subscription until the caller stops reading. */
  listen<Shape extends z.ZodType>(shape: Shape, document: string, variables?: object): AsyncGenerator<z.infer<Shape>>;
}

const answerShape = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

function dataOf<Shape extends z.ZodType>(shape: Shape, answer: unknown): z.infer<Shape> {
  const { data, errors } = answerShape.parse(answer);
  if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
  return shape.parse(data);
}

/** A client for the gateway at this address, with this access token. */
export function connectGateway(gatewayUrl: string, accessToken: string): GatewayClient {
  const authorization = `Bearer ${accessToken}`;
  return {
    async ask(shape, document, variables) {
      const response = await fetch(`${gatewayUrl}/graphql`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ query: document, variables }),
      });
      return dataOf(shape, await response.json());
    },
    async *listen(shape, document, variables) {
      const client = createClient({
        url: `${gatewayUrl.replace(/^http/, 'ws')}/graphql`,
        connectionParams: { authorization },
      });
      try {
        const payload = { query: document, ...(variables ? { variables: { ...variables } } : {}) };
        for await (const answer of client.iterate(payload)) yield dataOf(shape, answer);
      } finally {
        await client.dispose();
      }
    },
  };
}

const tokenShape = z.object({ access_token: z.string() });
const refusalShape = z.object({ error_description: z.string().optional(), error: z.string() });

/** An access token of the authorization server for this grant (RFC 6749 sections 4.3 and 4.4). */
export async function requestToken(
  gatewayUrl: string,
  client: { id: string; secret: string },
  grant: Record<string, string>,
): Promise<string> {
  const response = await fetch(`${gatewayUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams(grant),
  });
  const body: unknown = await response.json();
  if (response.ok) return tokenShape.parse(body).access_token;
  const refusal = refusalShape.parse(body);
  throw new Error(`No token: ${refusal.error_description ?? refusal.error}`);
}
