import { z } from 'zod';
import { createSigner, type WebhookKeys } from '../../events/webhook-signature.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { StreamedEvent } from './event-stream.ts';

/** How one delivery to the developer's machine went. */
export interface Forwarded {
  readonly id: string;
  readonly type: string;
  /** The HTTP status, or what kept it from arriving. */
  readonly outcome: string;
  readonly isAccepted: boolean;
  readonly milliseconds: number;
}

interface ForwarderOptions {
  readonly url: string;
  readonly keys: WebhookKeys;
  readonly clock: Clock;
}

const timeoutMilliseconds = 10_000;
const payloadShape = z.object({ type: z.string(), userId: z.string().nullable() });

/**
 * Posts events as a webhook would: the same body, headers and signatures. `previousEventId` is the one that was forwarded
 * before of the same stream, since this is all that the receiver was to get.
 */
export function createForwarder({ url, keys, clock }: ForwarderOptions) {
  const sign = createSigner([keys]);
  const previous = new Map<string | null, string>();

  return async (event: StreamedEvent): Promise<Forwarded> => {
    const payload = payloadShape.parse(JSON.parse(event.payload));
    const previousEventId = JSON.stringify(previous.get(payload.userId) ?? null);
    // Appended to the text, so that the bytes are a webhook's.
    const body = `${event.payload.slice(0, -1)},"previousEventId":${previousEventId}}`;
    previous.set(payload.userId, event.id);
    const timestampSeconds = Math.floor(clock.now().getTime() / 1000);
    const startedAt = performance.now();
    const end = (outcome: string, isAccepted: boolean): Forwarded => ({
      id: event.id,
      type: payload.type,
      outcome,
      isAccepted,
      milliseconds: Math.round(performance.now() - startedAt),
    });
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMilliseconds),
        headers: {
          'content-type': 'application/json',
          'webhook-id': event.id,
          'webhook-timestamp': String(timestampSeconds),
          'webhook-signature': await sign(event.id, timestampSeconds, body),
        },
        body,
      });
      await response.arrayBuffer();
      return end(String(response.status), response.ok);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return end(cause instanceof Error ? cause.message || cause.name : 'failed', false);
    }
  };
}
