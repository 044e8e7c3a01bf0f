/**
 * Every id prefix of the house, in one place, so that a prefix never means two things.
 * Bearer secrets never use these prefixes: an id may be logged, a secret may not.
 */
const prefixes = {
  client: 'cli',
  application: 'app',
  user: 'usr',
  provider: 'prv',
  channelDefinition: 'chd',
  connection: 'con',
  channel: 'chn',
  consent: 'cns',
  account: 'acc',
  transaction: 'txn',
  categoryRule: 'rul',
  sync: 'syn',
  challenge: 'chl',
  event: 'evt',
  consumer: 'csm',
  queue: 'que',
  webhook: 'whk',
  delivery: 'dlv',
  widgetSession: 'wgs',
} as const;

/** A kind of thing that has an id of its own. */
export type IdKind = keyof typeof prefixes;

declare const kindOfId: unique symbol;

/** An id of one kind: `acc_` and 26 characters of time-ordered base 32. A branded string, born only in this file. */
export type Id<Kind extends IdKind> = string & { readonly [kindOfId]: Kind };

export type ClientId = Id<'client'>;
export type ApplicationId = Id<'application'>;
export type UserId = Id<'user'>;
export type ProviderId = Id<'provider'>;
export type ChannelDefinitionId = Id<'channelDefinition'>;
export type ConnectionId = Id<'connection'>;
export type ChannelId = Id<'channel'>;
export type ConsentId = Id<'consent'>;
export type AccountId = Id<'account'>;
export type TransactionId = Id<'transaction'>;
export type CategoryRuleId = Id<'categoryRule'>;
export type SyncId = Id<'sync'>;
export type ChallengeId = Id<'challenge'>;
export type EventId = Id<'event'>;
export type QueueId = Id<'queue'>;
export type WebhookId = Id<'webhook'>;
export type DeliveryId = Id<'delivery'>;

// Crockford's base 32 in lower case: it sorts as its bytes do and has no letters that look alike.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const bodyPattern = /^[0-9a-hjkmnp-tv-z]{26}$/;

const pool = new Uint8Array(16_384);
let poolUsed = pool.length;

/** Sixteen random characters (80 bits), drawn from a pool because a system call per id is what costs. */
function randomBody(): string {
  if (poolUsed + 16 > pool.length) {
    crypto.getRandomValues(pool);
    poolUsed = 0;
  }
  let body = '';
  for (let index = 0; index < 16; index += 1) body += alphabet.charAt((pool[poolUsed + index] ?? 0) & 31);
  poolUsed += 16;
  return body;
}

let timeOfLastPrefix = -1;
let lastTimeBody = '';

/** Ten characters of milliseconds since 1970 (50 bits): ids made later sort later, which keeps an index warm. */
function timeBody(milliseconds: number): string {
  if (milliseconds === timeOfLastPrefix) return lastTimeBody;
  let rest = milliseconds;
  let body = '';
  for (let index = 0; index < 10; index += 1) {
    body = alphabet.charAt(rest % 32) + body;
    rest = Math.floor(rest / 32);
  }
  timeOfLastPrefix = milliseconds;
  lastTimeBody = body;
  return body;
}

/** A new id of this kind; `at` is the injected clock's time. */
export function newId<Kind extends IdKind>(kind: Kind, at: Date): Id<Kind> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ids are born here
  return `${prefixes[kind]}_${timeBody(at.getTime())}${randomBody()}` as Id<Kind>;
}

/** True when the text is an id of this kind. */
export function isId<Kind extends IdKind>(kind: Kind, text: string): text is Id<Kind> {
  const prefix = prefixes[kind];
  return text.startsWith(`${prefix}_`) && bodyPattern.test(text.slice(prefix.length + 1));
}

/** The text as an id of this kind, or null when it is not one. */
export function parseId<Kind extends IdKind>(kind: Kind, text: string): Id<Kind> | null {
  return isId(kind, text) ? text : null;
}
