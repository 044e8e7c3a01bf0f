import type { z } from 'zod';
import { connectGateway, requestToken, type GatewayClient } from './gateway-client.ts';
import { visitBank } from './bank-visit.ts';
import * as questions from './questions.ts';
import { spendingByCategory, type Spending } from './spending.ts';

type SeenEvent = z.infer<typeof questions.eventsOfConnection.shape>['events'];
type SeenAccount = z.infer<typeof questions.readAccounts.shape>['accounts']['nodes'][number];
type SeenTransaction = z.infer<typeof questions.readTransactions.shape>['transactions']['nodes'][number];

/** All that the journey saw, as it comes out with `--json`. */
export interface JourneyResult {
  readonly user: { id: string; email: string };
  readonly connection: { id: string; provider: string };
  readonly events: readonly SeenEvent[];
  readonly accounts: readonly SeenAccount[];
  readonly lastTransactions: readonly SeenTransaction[];
  readonly transactionCount: number;
  readonly spending: readonly Spending[];
}

/** Who plays: the client's credentials, and the person's login at the test bank. */
export interface Cast {
  readonly client: { id: string; secret: string };
  readonly person: { login: string; password: string };
}

/** Told as the journey goes on. */
export interface Narrator {
  step(text: string): void;
  event(event: SeenEvent): void;
}

const lastTypes = new Set([
  'SyncSucceededEvent',
  'SyncPartiallySucceededEvent',
  'SyncFailedEvent',
  'SyncActionRequiredEvent',
]);

/**
 * The whole journey as an integrator's backend and browser would play it, over the public doors only: tokens, a new
 * user, a connection, the approval on the bank's pages, the sync's events live over WebSocket, then the data.
 */
export async function playJourney(gatewayUrl: string, cast: Cast, narrator: Narrator): Promise<JourneyResult> {
  narrator.step('The client asks for a token of its own (client credentials)');
  const client = connectGateway(
    gatewayUrl,
    await requestToken(gatewayUrl, cast.client, { grant_type: 'client_credentials' }),
  );

  const email = `demo-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const password = `demo-${crypto.randomUUID()}`;
  narrator.step(`It creates a user, ${email}, and asks for a token of that user (password)`);
  const user = await createUser(client, { email, password });
  const asUser = connectGateway(
    gatewayUrl,
    await requestToken(gatewayUrl, cast.client, { grant_type: 'password', username: email, password }),
  );

  const { connection, authorizationUrl } = await linkTestBank(asUser);
  narrator.step(`It opens a connection to ${connection.provider} and sends the browser to the bank`);
  narrator.step(`   ${authorizationUrl}`);

  const live = asUser.listen(questions.eventsOfConnection.shape, questions.eventsOfConnection.document, {
    connectionId: connection.id,
    after: connection.cursor,
  });
  narrator.step(`The person signs in as ${cast.person.login} and approves, over HTTP; the sync's events come live:`);
  const events: SeenEvent[] = [];
  const [, last] = await Promise.all([approve(authorizationUrl, cast), follow(live, events, narrator)]);
  if (last.failure) throw new Error(`The sync ended without data: ${last.failure.code}, ${last.failure.message}`);

  const { accounts } = await asUser.ask(questions.readAccounts.shape, questions.readAccounts.document);
  const transactions = await readAllTransactions(asUser);
  return {
    user,
    connection: { id: connection.id, provider: connection.provider },
    events,
    accounts: accounts.nodes,
    lastTransactions: transactions.slice(0, 12),
    transactionCount: transactions.length,
    spending: spendingByCategory(transactions),
  };
}

/** At the bank, then back to the gateway as the browser would go. */
async function approve(authorizationUrl: string, { person }: Cast): Promise<void> {
  const returnUrl = await visitBank(authorizationUrl, person);
  const response = await fetch(returnUrl, { redirect: 'manual' });
  if (response.status >= 400) throw new Error(`The return from the bank was refused (${response.status}).`);
}

async function follow(
  live: AsyncGenerator<{ events: SeenEvent }>,
  events: SeenEvent[],
  narrator: Narrator,
): Promise<SeenEvent> {
  for await (const { events: event } of live) {
    events.push(event);
    narrator.event(event);
    if (lastTypes.has(event.__typename)) return event;
  }
  throw new Error('The subscription ended before the sync did.');
}

async function createUser(client: GatewayClient, input: { email: string; password: string }) {
  const { userCreate } = await client.ask(questions.createUser.shape, questions.createUser.document, { input });
  if (!userCreate.user) throw new Error(`${userCreate.code ?? userCreate.__typename}: ${userCreate.message ?? ''}`);
  return userCreate.user;
}

async function linkTestBank(client: GatewayClient) {
  const { providers, events } = await client.ask(questions.findTestBank.shape, questions.findTestBank.document);
  const bank = providers.nodes.find(({ isTest }) => isTest);
  if (!bank) throw new Error('This installation has no test bank: the demo needs a sandbox.');
  const { connectionCreate } = await client.ask(questions.createConnection.shape, questions.createConnection.document, {
    input: { providerId: bank.id, channels: ['REDIRECT'] },
  });
  const { connection, authorizationUrl } = connectionCreate;
  if (!connection || !authorizationUrl) {
    throw new Error(`${connectionCreate.code ?? connectionCreate.__typename}: ${connectionCreate.message ?? ''}`);
  }
  const cursor = events.pageInfo.endCursor;
  return { authorizationUrl, connection: { id: connection.id, provider: connection.provider.name, cursor } };
}

async function readAllTransactions(client: GatewayClient): Promise<SeenTransaction[]> {
  const all: SeenTransaction[] = [];
  let after: string | null = null;
  do {
    const { transactions }: z.infer<typeof questions.readTransactions.shape> = await client.ask(
      questions.readTransactions.shape,
      questions.readTransactions.document,
      { first: 500, after },
    );
    all.push(...transactions.nodes);
    after = transactions.pageInfo.hasNextPage ? transactions.pageInfo.endCursor : null;
  } while (after !== null);
  return all;
}
