import type { EventType, UnknownEvent } from '../../domain/event.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { channelStatusEnum, connectionStatusEnum } from './enums.ts';
import {
  accountEventInterfaces,
  connectionEventInterfaces,
  consentEventInterfaces,
  eventInterfaces,
  eventTypeName,
  type EventOf,
} from './event.ts';

function eventRef<Type extends EventType>(type: Type) {
  return builder.objectRef<EventOf<Type>>(eventTypeName(type));
}

builder.objectRef<UnknownEvent>(eventTypeName('unknown')).implement({
  description: 'An event of a type that this server does not know yet: it is being upgraded.',
  interfaces: [...eventInterfaces],
  fields: (t) => ({ name: t.exposeString('name', { description: 'The type as it stands in the log.' }) }),
});

const userEvents = {
  'user.created': 'A user was created.',
  'user.updated': 'E-mail, password or language of a user changed.',
  'user.deleted': 'A user and all his data were deleted; it is the last event of his stream.',
} as const satisfies Partial<Record<EventType, string>>;
for (const [type, description] of entriesOf(userEvents)) {
  eventRef(type).implement({ description, interfaces: [...eventInterfaces] });
}

eventRef('terms.accepted').implement({
  description: 'A user accepted a version of the client’s terms.',
  interfaces: [...eventInterfaces],
  fields: (t) => ({
    version: t.string({ description: 'Which version.', resolve: ({ facts }) => facts.version }),
  }),
});

const connectionEvents = {
  'connection.created': 'A connection was made; its person must now approve at the bank.',
  'connection.deleted': 'A connection was deleted, with its accounts and transactions.',
} as const satisfies Partial<Record<EventType, string>>;
for (const [type, description] of entriesOf(connectionEvents)) {
  eventRef(type).implement({ description, interfaces: [...connectionEventInterfaces] });
}

eventRef('connection.status_changed').implement({
  description: 'A connection came into another state.',
  interfaces: [...connectionEventInterfaces],
  fields: (t) => ({
    from: t.field({ type: connectionStatusEnum, description: 'The state before.', resolve: ({ facts }) => facts.from }),
    to: t.field({ type: connectionStatusEnum, description: 'The state now.', resolve: ({ facts }) => facts.to }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'What led to it, where it is a failure.',
      resolve: ({ facts }): FailureRecord | null => facts.failure ?? null,
    }),
  }),
});

eventRef('channel.status_changed').implement({
  description: 'One channel of a connection came into another state.',
  interfaces: [...connectionEventInterfaces],
  fields: (t) => ({
    from: t.field({ type: channelStatusEnum, description: 'The state before.', resolve: ({ facts }) => facts.from }),
    to: t.field({ type: channelStatusEnum, description: 'The state now.', resolve: ({ facts }) => facts.to }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'What led to it, where it is a failure.',
      resolve: ({ facts }): FailureRecord | null => facts.failure ?? null,
    }),
  }),
});

const plainConsentEvents = {
  'consent.requested': 'A consent was asked for; the person must approve it at the bank.',
  'consent.expired': 'A consent has run out.',
  'consent.replaced': 'A newer consent has taken the place of this one: it is its `successor`.',
} as const satisfies Partial<Record<EventType, string>>;
for (const [type, description] of entriesOf(plainConsentEvents)) {
  eventRef(type).implement({ description, interfaces: [...consentEventInterfaces] });
}

eventRef('consent.granted').implement({
  description: 'The person approved a consent.',
  interfaces: [...consentEventInterfaces],
  fields: (t) => ({
    validUntil: t.string({
      description: 'Until when it holds, as the bank said: a day or an instant in ISO 8601.',
      resolve: ({ facts }) => facts.validUntil,
    }),
  }),
});

eventRef('consent.expiring').implement({
  description: 'A consent ends soon: it is time to ask the person to renew it. Once at 30, 7, 1 and 0 days.',
  interfaces: [...consentEventInterfaces],
  fields: (t) => ({
    validUntilOn: t.field({
      type: 'Date',
      description: 'The last day on which it holds.',
      resolve: ({ facts }) => facts.validUntil,
    }),
    daysLeft: t.int({ description: 'Days until then; 0 on the day itself.', resolve: ({ facts }) => facts.daysLeft }),
  }),
});

const endedConsentEvents = {
  'consent.rejected': 'The person or the bank did not approve a consent.',
  'consent.revoked': 'A consent was withdrawn, here or at the bank.',
} as const satisfies Partial<Record<EventType, string>>;
for (const [type, description] of entriesOf(endedConsentEvents)) {
  eventRef(type).implement({
    description,
    interfaces: [...consentEventInterfaces],
    fields: (t) => ({
      failure: t.field({
        type: failureInterface,
        description: 'Who ended it, and what can be done.',
        resolve: ({ facts }) => facts.failure,
      }),
    }),
  });
}

const accountEvents = {
  'account.created': 'An account was seen for the first time.',
  'account.deleted': 'An account and its transactions were deleted, or have become those of another account.',
} as const satisfies Partial<Record<EventType, string>>;
for (const [type, description] of entriesOf(accountEvents)) {
  eventRef(type).implement({ description, interfaces: [...accountEventInterfaces] });
}

eventRef('account.updated').implement({
  description: 'Something of an account changed, such as a balance.',
  interfaces: [...accountEventInterfaces],
  fields: (t) => ({
    changed: t.stringList({
      description: 'The names of the fields that changed.',
      resolve: ({ facts }) => facts.changed,
    }),
  }),
});

function entriesOf<Key extends string>(table: Readonly<Record<Key, string>>): [Key, string][] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the keys' type
  return Object.entries(table) as [Key, string][];
}
