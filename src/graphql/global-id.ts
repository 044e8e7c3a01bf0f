import { invalidInput } from '../domain/failure.ts';
import { decodeCursor, encodeCursor } from '../kernel/cursor.ts';
import { isId, type Id, type IdKind } from '../kernel/id.ts';
import { invalidArgument } from './request-error.ts';
import { quoted } from './scalars/define.ts';

/** The kind of id behind each type that has one; categories are named by their key instead. */
export const idKinds = {
  Client: 'client',
  User: 'user',
  Provider: 'provider',
  ChannelDefinition: 'channelDefinition',
  Connection: 'connection',
  Channel: 'channel',
  Consent: 'consent',
  Account: 'account',
  Transaction: 'transaction',
  CategoryRule: 'categoryRule',
  Sync: 'sync',
  Challenge: 'challenge',
  Event: 'event',
  Queue: 'queue',
  Webhook: 'webhook',
  WebhookDelivery: 'delivery',
} as const satisfies Record<string, IdKind>;

export type IdTypeName = keyof typeof idKinds;
export type IdOf<Name extends IdTypeName> = Id<(typeof idKinds)[Name]>;

/** A global id: the base64url of `Account:acc_…`. Opaque to clients. */
export function globalId(typeName: IdTypeName | 'Category', id: string): string {
  return encodeCursor(typeName, [id]);
}

/** The type and the inner id of a well-formed global id of any type, or null. */
export function parseGlobalId(text: string): { typeName: IdTypeName | 'Category'; id: string } | null {
  for (const [typeName, kind] of entries) {
    const [id, ...rest] = decodeCursor(typeName, text) ?? [];
    if (id !== undefined && rest.length === 0 && isId(kind, id)) return { typeName, id };
  }
  const [key, ...rest] = decodeCursor('Category', text) ?? [];
  return key !== undefined && rest.length === 0 && /^[A-Z0-9_]{1,80}$/.test(key)
    ? { typeName: 'Category', id: key }
    : null;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the keys' type
const entries = Object.entries(idKinds) as [IdTypeName, IdKind][];

function problemWith(typeName: string, text: string): string {
  const found = parseGlobalId(text);
  const got = found ? `one of type ${found.typeName}` : `${quoted(text)}, which is no id`;
  return `expected an id of type ${typeName} as this API gave it, got ${got}.`;
}

function parseAs<Name extends IdTypeName>(typeName: Name, text: string): IdOf<Name> | null {
  const kind: (typeof idKinds)[Name] = idKinds[typeName];
  const [id, ...rest] = decodeCursor(typeName, text) ?? [];
  return id !== undefined && rest.length === 0 && isId(kind, id) ? id : null;
}

/** The id in an argument of a query; a top-level VALIDATION_FAILED names the argument and the type that it wants. */
export function readId<Name extends IdTypeName>(typeName: Name, text: string, argument: string): IdOf<Name> {
  const id = parseAs(typeName, text);
  if (id === null) throw invalidArgument(argument, problemWith(typeName, text));
  return id;
}

/** The key in an argument that takes the id of a category. */
export function readCategoryKey(text: string, argument: string): string {
  const found = parseGlobalId(text);
  if (found?.typeName !== 'Category') throw invalidArgument(argument, problemWith('Category', text));
  return found.id;
}

/** The id in a field of a mutation's input; throws the InvalidInput failure. */
export function readInputId<Name extends IdTypeName>(typeName: Name, text: string, field: string): IdOf<Name> {
  const id = parseAs(typeName, text);
  if (id === null) throw invalidInput([{ path: [field], message: problemWith(typeName, text) }]);
  return id;
}

/** The key in a field of a mutation's input that takes the id of a category. */
export function readInputCategoryKey(text: string, field: string): string {
  const found = parseGlobalId(text);
  if (found?.typeName !== 'Category') throw invalidInput([{ path: [field], message: problemWith('Category', text) }]);
  return found.id;
}
