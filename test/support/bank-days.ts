import { asc, eq } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import { bankConnectors } from '../../src/app/bank-connectors.ts';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { endConsentAtBank } from '../../src/actions/end-consent-at-bank.ts';
import { installTestBank } from '../../src/actions/install-test-bank.ts';
import { renewConsent } from '../../src/actions/renew-consent.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { visitBank, type BankVisitor } from '../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../src/connectors/bank-http.ts';
import type { ChannelKind } from '../../src/domain/connection.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';
import { enqueueDueSyncs } from '../../src/jobs/enqueue-due-syncs.ts';
import { parsePayload } from '../../src/jobs/payloads.ts';
import { runSyncTask } from '../../src/jobs/tasks/run-sync.ts';
import { watchConsents } from '../../src/jobs/watch-consents.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import type { ConsentId } from '../../src/kernel/id.ts';
import {
  accounts,
  channelDefinitions,
  connections,
  consents,
  events,
  providers,
  syncs,
} from '../../src/store/schema/tables.ts';
import { ibanOf } from '../../src/test-bank/ledger/identity.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import type { Scenario } from '../../src/test-bank/scenario/schema.ts';
import { sandboxThirdParty } from '../../src/test-bank/scenario/third-party.ts';
import { startTestBank } from '../../src/test-bank/server.ts';
import { seedClient, seedUser } from './fixtures.ts';
import { houseContext } from './house-context.ts';

const alice: BankVisitor = { login: 'alice', password: 'tributary1' };
/** Two accounts, and a code by SMS. */
export const bruno: BankVisitor = { login: 'bruno', password: 'tributary2' };
const psu = { ipAddress: '192.0.2.7' };

interface BankDays {
  /** Alice, who has one account, unless told. */
  readonly person?: BankVisitor;
  readonly switches?: Record<string, unknown>;
  /** What the provider's entry says of the bank. */
  readonly definition?: Partial<typeof channelDefinitions.$inferInsert>;
  readonly start?: string;
  /** Another bank than that of the default scenario. */
  readonly scenario?: Scenario;
  /** By which entry of it, and which of its channels, the person is linked. */
  readonly slug?: 'test-bank' | 'test-bank-stet';
  readonly channels?: readonly ChannelKind[];
}

/** A person linked to the test bank over HTTP, on a clock that both the house and the bank live by. */
export async function bankDays({
  person = alice,
  switches = {},
  definition = {},
  start = '2026-01-05T08:00:00Z',
  scenario: given,
  slug = 'test-bank',
  channels = ['REDIRECT'],
}: BankDays = {}) {
  const clock = manualClock(new Date(start));
  const scenario = structuredClone(given ?? (await loadScenario()));
  Object.assign(scenario.bank.switches, switches);
  const server = await startTestBank({ clock, scenario });
  const { clientId: id, clientSecret } = sandboxThirdParty;
  const identities = new Map([['default', { clientId: id, clientSecret }]]);
  const http = createBankHttp({ identities, retryDelayMilliseconds: 1 });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const context = await houseContext({ clock, connectors: bankConnectors(http, identities) });
  const { db, sql } = context.database;
  await installTestBank(context, server.url);
  const [provider] = await db.select().from(providers).where(eq(providers.slug, slug));
  // A short history, so that half a year of days stays quick.
  await db.update(channelDefinitions).set({ historyDays: 40, ...definition });
  const clientId = await seedClient(context.database);
  const scope = scopeOfRow({ clientId, userId: await seedUser(context.database, clientId) });
  const isForm = channels.includes('EMBEDDED');
  const { login, password } = person;
  const started = await startConnection(context, scope, {
    providerId: provider!.id,
    channels,
    ...(isForm && { credentials: Object.entries({ login, password }).map(([name, value]) => ({ name, value })) }),
    redirectUrl: null,
    psu,
  });
  const { connectionId } = started;

  /** Plays the person at the bank's page, and the return of his browser. */
  async function confirm(url: string | null, visitor: Partial<BankVisitor> = {}) {
    clock.advance(1000);
    const back = new URL(await visitBank(url ?? '', { ...person, ...visitor }));
    const parameters = Object.fromEntries(back.searchParams);
    return completeAuthorization(context, { state: parameters['state'] ?? '', parameters, psu });
  }

  const days = {
    server,
    clock,
    context,
    scope,
    connectionId,
    authorizationUrl: started.authorizationUrl,
    confirm,
    /** Works on all jobs until there is none; gives how many there were. */
    async work(): Promise<number> {
      for (let done = 0; ; done += 1) {
        const [job] = await sql<{ id: string; task: string; payload: unknown }[]>`
          select jobs.id, jobs.task_identifier as task, private.payload from graphile_worker.jobs jobs
          join graphile_worker._private_jobs private on private.id = jobs.id order by jobs.id limit 1`;
        if (!job) return done;
        if (job.task === 'run-sync') {
          await runSyncTask(context, parsePayload('run-sync', job.payload), new AbortController().signal);
        } else {
          await endConsentAtBank(context, parsePayload('revoke-consent', job.payload));
        }
        await sql`select graphile_worker.complete_jobs(array[${job.id}::bigint])`;
      }
    },
    /** Moves the clock to this time, a scheduler's round at every step of so many minutes on the way. */
    async liveUntil(end: string | Date, stepMinutes = 60) {
      const until = new Date(end).getTime();
      while (clock.now().getTime() < until) {
        clock.set(new Date(Math.min(until, clock.now().getTime() + stepMinutes * 60_000)));
        await watchConsents(context);
        await enqueueDueSyncs(context);
        await days.work();
      }
    },
    /** Asks for a sync, without the person unless told, and works on it. */
    async sync(isPresent = false) {
      clock.advance(1000);
      const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu: isPresent ? psu : null } as const;
      await requestSync(context, scope, input);
      await days.work();
    },
    /** Asks for a renewal; gives the bank's page. */
    async renew(consentId?: ConsentId) {
      clock.advance(1000);
      const of = consentId ?? (await days.consents()).at(-1)?.id;
      if (!of) throw new Error('There is no consent.');
      const renewal = await renewConsent(context, scope, { consentId: of, redirectUrl: null, psu });
      const url = (await days.consents()).find(({ id }) => id === renewal.consentId)?.authorizationUrl ?? null;
      return { ...renewal, url };
    },
    consents: () => db.select().from(consents).orderBy(asc(consents.createdAt), asc(consents.id)),
    syncs: () => db.select().from(syncs).orderBy(asc(syncs.requestedAt), asc(syncs.id)),
    accounts: () => db.select().from(accounts).orderBy(asc(accounts.createdAt), asc(accounts.id)),
    async connection() {
      const [row] = await db.select().from(connections).where(eq(connections.id, connectionId));
      if (!row) throw new Error('The connection is gone.');
      return row;
    },
    async channel() {
      const [row] = await sql`select status, failure, sealed_session, sealed_credentials from channels`;
      return row ?? {};
    },
    /** Of each living account with an IBAN: what we and what the bank have booked since we began to read, as day and amount. */
    async books() {
      const ledger = server.bank.ledger();
      const living = (await days.accounts()).filter(({ deletedAt, iban }) => deletedAt === null && iban !== null);
      return Promise.all(
        living.map(async ({ id, iban, coveredFrom }) => {
          const rows = await sql<{ line: string }[]>`
            select booked_on::text || ' ' || amount::text as line from transactions
            where account_id = ${id} and status = 'BOOKED' order by 1`;
          const entry = ledger.accounts.find((account) => ibanOf(scenario, account) === iban);
          const book = entry ? ledger.account(entry.id) : null;
          const booked = book ? book.booked(book.positionOf(coveredFrom ?? ''), book.bookedCount) : [];
          return {
            ours: rows.map(({ line }) => line),
            theirs: booked.map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`).toSorted(),
          };
        }),
      );
    },
    async transactionCount() {
      const [row] = await sql<{ n: number }[]>`select count(*)::int as n from transactions`;
      return row?.n ?? 0;
    },
    /** The events whose type begins so, in order: type and facts. */
    async events(prefix: string) {
      const rows = await db.select().from(events).orderBy(asc(events.sequence));
      return rows.filter(({ type }) => type.startsWith(prefix)).map(({ type, facts }) => ({ type, facts }));
    },
  };
  return days;
}

/** The same with access given and the first sync done. */
export async function linkedDays(given: BankDays = {}) {
  const days = await bankDays(given);
  if (days.authorizationUrl !== null) await days.confirm(days.authorizationUrl);
  await days.work();
  return days;
}
