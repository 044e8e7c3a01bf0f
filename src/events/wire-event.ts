import type { LogEntry } from '../domain/event.ts';
import { encodeCursor } from '../kernel/cursor.ts';

/** An event as queues' `payload` and webhooks' bodies have it: the same facts as GraphQL, with the same public ids. */
export interface WireEvent {
  readonly id: string;
  readonly type: string;
  /** RFC 3339 in UTC. */
  readonly occurredAt: string;
  /** A text, as in GraphQL: it may outgrow what JSON readers hold exactly. */
  readonly sequence: string;
  readonly cursor: string;
  /** Null for what the client has set up for itself. */
  readonly userId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The event for the wire. */
export function toWireEvent(event: LogEntry): WireEvent {
  return {
    id: publicId('Event', event.id),
    type: event.type === 'unknown' ? event.name : event.type,
    occurredAt: event.occurredAt.toISOString(),
    sequence: String(event.sequence),
    cursor: event.cursor,
    userId: event.userId && publicId('User', event.userId),
    data: publicFacts(event.facts),
  };
}

/** The global id that GraphQL gives this thing. */
export function publicId(typeName: string, id: string): string {
  return encodeCursor(typeName, [id]);
}

/** Facts name an inner id by its kind and `Id`, so the name of the field tells the type of the public one. */
function publicFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, publicValue(name, value)]));
}

function publicValue(name: string, value: unknown): unknown {
  if (typeof value === 'string' && name.endsWith('Id')) {
    return publicId(name.charAt(0).toUpperCase() + name.slice(1, -2), value);
  }
  if (Array.isArray(value)) return value.map((item) => publicValue('', item));
  return typeof value === 'object' && value !== null ? publicFacts(value) : value;
}
