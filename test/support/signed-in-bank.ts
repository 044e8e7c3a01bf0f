import { answerChallenge } from '../../src/actions/answer-challenge.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import type { SignInState } from '../../src/connectors/connector.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import type { ConnectionId, SyncId } from '../../src/kernel/id.ts';
import { challenges, channels, connections, consents, events, syncs } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { seedProvider } from './fixtures.ts';
import { bankWorld, type BankWorld } from './linked-bank.ts';

export const psu = { ipAddress: '192.0.2.1', userAgent: 'Browser' };
const label = { en: 'Field', fr: 'Champ' };

/** A form with a login and a password. */
export const credentialFields = [
  { name: 'login', label, isSecret: false, isRequired: true, maxLength: 20 },
  { name: 'password', label, isSecret: true, isRequired: true, maxLength: 20 },
];
export const credentials = [
  { name: 'login', value: 'ada' },
  { name: 'password', value: 'tributary1' },
];

export interface SignInWorld extends BankWorld {
  readonly connectionId: ConnectionId;
  readonly syncId: SyncId;
  /** Works on the sync until it ends or waits. */
  readonly run: (id?: SyncId) => Promise<string>;
  readonly answer: (answer: string | null) => ReturnType<typeof answerChallenge>;
  readonly challenge: () => Promise<typeof challenges.$inferSelect>;
  readonly rows: () => Promise<{
    readonly sync: typeof syncs.$inferSelect;
    readonly channel: typeof channels.$inferSelect;
    readonly connection: typeof connections.$inferSelect;
    readonly consent: typeof consents.$inferSelect;
  }>;
  readonly eventTypes: () => Promise<string[]>;
}

/** A connection that is being linked by credentials, its first sync queued. */
export async function signInWorld({ isAttended = true } = {}): Promise<SignInWorld> {
  const world = await bankWorld();
  const { database, context, scope, clock } = world;
  const provider = await seedProvider(database, { slug: 'portal', kind: 'EMBEDDED', credentialFields });
  const input = { providerId: provider.id, channels: null, credentials, redirectUrl: null };
  const started = await startConnection(context, scope, { ...input, psu: isAttended ? psu : null });
  const { connectionId, syncId } = started;
  if (!syncId) throw new Error('The first sync is queued.');
  const open = async () => {
    const rows = await database.db.select().from(challenges);
    const challenge = rows.find((row) => row.status === 'OPEN') ?? rows.at(-1);
    if (!challenge) throw new Error('There is no challenge.');
    return challenge;
  };
  return {
    ...world,
    provider,
    connectionId,
    syncId,
    challenge: open,
    run: (id = syncId) => runSync(context, scope, id, new AbortController().signal),
    async answer(answer) {
      return answerChallenge(context, scope, { challengeId: (await open()).id, answer, psu });
    },
    async rows() {
      const latest = (await database.db.select().from(syncs).orderBy(syncs.requestedAt, syncs.id)).at(-1);
      const [channel] = await database.db.select().from(channels);
      const [connection] = await database.db.select().from(connections);
      const consent = (await database.db.select().from(consents).orderBy(consents.createdAt, consents.id)).at(-1);
      if (!latest || !channel || !connection || !consent) throw new Error('A row is missing.');
      return { sync: latest, channel, connection, consent };
    },
    async eventTypes() {
      const rows = await database.db.select({ type: events.type }).from(events).orderBy(events.sequence);
      return rows.map((row) => row.type);
    },
    clock,
  };
}

type Kind = Challenge['kind'];
const facts: { readonly [Each in Kind]: Omit<Extract<Challenge, { kind: Each }>, 'prompt' | 'expiresAt'> } = {
  OTP: { kind: 'OTP', sentTo: '06 ** ** ** 12', attemptsLeft: 3, lengthMax: 6, isNumeric: true },
  CHOICE: {
    kind: 'CHOICE',
    options: [
      { value: 'sms', label: 'By SMS' },
      { value: 'app', label: 'By the app' },
    ],
  },
  QUESTION: { kind: 'QUESTION', isSecret: true, lengthMax: 10 },
  APP_APPROVAL: { kind: 'APP_APPROVAL', comparisonCode: '42', pollAfterSeconds: 5 },
  ACT_AT_BANK: { kind: 'ACT_AT_BANK', reason: 'TERMS', url: 'https://bank.example/terms', pollAfterSeconds: 30 },
  REDIRECT: { kind: 'REDIRECT', url: 'https://bank.example/confirm' },
};

/** What a bank that asks this says; it waits five minutes. */
export function challenged({ clock }: Pick<BankWorld, 'clock'>, kind: Kind, over: object = {}): SignInState {
  const expiresAt = new Date(clock.now().getTime() + 300_000);
  const challenge = { ...facts[kind], prompt: `Asked by ${kind}`, expiresAt, ...over } as Challenge;
  return { status: 'CHALLENGED', session: { step: `after ${kind}` }, challenge };
}
