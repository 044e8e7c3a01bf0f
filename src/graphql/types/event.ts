import { eventTypes, type EventType, type LogEntry, type LoggedEvent } from '../../domain/event.ts';
import type { StreamItem } from '../../events/stream.ts';
import { toWireEvent } from '../../events/wire-event.ts';
import type { AccountId, ConnectionId, ConsentId, SyncId } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import { columnsOfUser, loadAccount, loadConnection, loadConsent, loadSync, loadUser } from '../event-finders.ts';
import { globalId } from '../global-id.ts';
import { accountType } from './account.ts';
import { connectionType } from './connection.ts';
import { consentType } from './consent.ts';
import { syncType } from './sync.ts';
import { userType } from './user.ts';

/** A committed event of one type. */
export type EventOf<Type extends EventType> = Extract<LoggedEvent, { type: Type }>;

type WithFacts<Facts> = Extract<LoggedEvent, { facts: Facts }>;

/** `sync.partially_succeeded` is `SyncPartiallySucceededEvent`. */
export function eventTypeName(type: EventType | 'unknown'): string {
  // Asked for every event of every subscriber.
  return typeNames.get(type) ?? typeNameOf(type);
}

function typeNameOf(type: string): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Event`;
}

const typeNames = new Map<string, string>(eventTypes.map((type) => [type, typeNameOf(type)]));

/** The GraphQL type of what a stream gives. */
export function streamItemTypeName({ type }: StreamItem): string {
  return type === 'lagged' ? 'Lagged' : eventTypeName(type);
}

export const streamItemInterface = builder.interfaceRef<StreamItem>('StreamItem').implement({
  description: 'What a subscription gives: events, and `Lagged` at most once, as its last item.',
  resolveType: streamItemTypeName,
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'Cursor',
      description: 'Its place in the log. Keep the latest one and resume with `after`: nothing is lost or repeated.',
    }),
  }),
});

builder.objectRef<Extract<StreamItem, { type: 'lagged' }>>('Lagged').implement({
  description:
    'You read too slowly, and the server has stopped keeping events for you. Nothing is lost: the stream ends here, and subscribing again with `after: cursor` goes on where you were.',
  interfaces: [streamItemInterface],
});

export const eventInterface = builder.interfaceRef<LogEntry>('Event').implement({
  description:
    'A fact in the log. Each event has one id and one place, whichever way it is delivered. New types may come: treat one that you do not know as an `Event`.',
  interfaces: [builder.nodeInterfaceRef(), streamItemInterface],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the event, by which a receiver recognises one that came twice.',
      resolve: ({ id }) => globalId('Event', id),
    }),
    sequence: t.string({
      description:
        'Its number among the events of its user, or of the client itself: 1, 2, 3, without a gap. A text, as it may outgrow Int.',
      resolve: ({ sequence }) => String(sequence),
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it became true.' }),
    payload: t.string({
      description: 'The event as JSON: what the body of a webhook holds, but for `previousEventId`.',
      resolve: (event) => JSON.stringify(toWireEvent(event)),
    }),
    user: t.drizzleField({
      type: userType,
      nullable: true,
      authScopes: { permission: 'users_read' },
      description:
        'The person it is about; null once deleted, and for what the client has set up for itself. Scope: users_read.',
      resolve: (query, event, _args, context, info) =>
        event.userId
          ? loadUser(
              context,
              info,
              { clientId: event.clientId, userId: event.userId },
              event.userId,
              query({ columns: { id: true } }),
            )
          : null,
    }),
  }),
});

/** The interfaces of every event: GraphQL wants those of an interface named again. */
export const eventInterfaces = [builder.nodeInterfaceRef(), streamItemInterface, eventInterface] as const;

const connectionEventInterface = builder
  .interfaceRef<WithFacts<{ connectionId: ConnectionId }>>('ConnectionEvent')
  .implement({
    description: 'An event about a connection or something below it.',
    interfaces: [...eventInterfaces],
    resolveType: streamItemTypeName,
    fields: (t) => ({
      connection: t.drizzleField({
        type: connectionType,
        nullable: true,
        authScopes: { permission: 'connections_read' },
        description: 'The connection as it is now; null once deleted. Scope: connections_read.',
        resolve: (query, event, _args, context, info) =>
          loadConnection(context, info, event, event.facts.connectionId, query({ columns: columnsOfUser })),
      }),
    }),
  });

/** The interfaces of an event about a connection. */
export const connectionEventInterfaces = [...eventInterfaces, connectionEventInterface] as const;

const consentEventInterface = builder.interfaceRef<WithFacts<{ consentId: ConsentId }>>('ConsentEvent').implement({
  description: 'An event about a consent.',
  interfaces: [...connectionEventInterfaces],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    consent: t.drizzleField({
      type: consentType,
      nullable: true,
      authScopes: { permission: 'connections_read' },
      description: 'The consent as it is now; null once its connection is deleted. Scope: connections_read.',
      resolve: (query, event, _args, context, info) =>
        loadConsent(context, info, event, event.facts.consentId, query({ columns: columnsOfUser })),
    }),
  }),
});

const syncEventInterface = builder.interfaceRef<WithFacts<{ syncId: SyncId }>>('SyncEvent').implement({
  description: 'An event in the life of a sync.',
  interfaces: [...connectionEventInterfaces],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      authScopes: { permission: 'connections_read' },
      description: 'The sync as it is now; null once its connection is deleted. Scope: connections_read.',
      resolve: (query, event, _args, context, info) =>
        loadSync(context, info, event, event.facts.syncId, query({ columns: columnsOfUser })),
    }),
  }),
});

const accountEventInterface = builder.interfaceRef<WithFacts<{ accountId: AccountId }>>('AccountEvent').implement({
  description: 'An event about an account or its transactions.',
  interfaces: [...connectionEventInterfaces],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    account: t.drizzleField({
      type: accountType,
      nullable: true,
      authScopes: { permission: 'accounts_read' },
      description: 'The account as it is now; null once deleted. Scope: accounts_read.',
      resolve: (query, event, _args, context, info) =>
        loadAccount(context, info, event, event.facts.accountId, query({ columns: columnsOfUser })),
    }),
  }),
});

/** The interfaces of an event about a consent. */
export const consentEventInterfaces = [...connectionEventInterfaces, consentEventInterface] as const;
/** The interfaces of an event in the life of a sync. */
export const syncEventInterfaces = [...connectionEventInterfaces, syncEventInterface] as const;
/** The interfaces of an event about an account. */
export const accountEventInterfaces = [...connectionEventInterfaces, accountEventInterface] as const;
