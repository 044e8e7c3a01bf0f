import { operatorActor, type AuditedAction } from '../domain/audit.ts';
import { invalidInput, notFound } from '../domain/failure.ts';
import { appendAuditEntry } from '../store/audit.ts';
import {
  disableClient as disableRow,
  enableClient as enableRow,
  findClient,
  updateClientRow,
  type ClientRow,
  type ClientSettings,
} from '../store/clients.ts';
import type { Tx } from '../store/database.ts';
import { listApplications } from '../store/applications.ts';
import { deleteOauthRecordsOfParty } from '../store/oauth-records.ts';
import { clientIssues } from './client-input.ts';
import type { ActionContext } from './context.ts';

type ClientContext = Pick<ActionContext, 'database' | 'clock'>;

/** Changes what is given of a client. Fails with VALIDATION_FAILED, or NOT_FOUND for an id that no client has. */
export async function updateClient(
  context: ClientContext,
  oauthClientId: string,
  change: Partial<ClientSettings>,
): Promise<void> {
  const issues = clientIssues(change);
  if (issues.length > 0) throw invalidInput(issues);
  await changeClient(context, oauthClientId, 'client.update', async (tx) => {
    const name = change.name?.trim();
    await updateClientRow(tx, oauthClientId, { ...change, ...(name === undefined ? {} : { name }) });
  });
}

/**
 * Disables a client: from now on it gets no token, those it has are refused, and so are those of its applications. Its
 * data stays. Fails with NOT_FOUND.
 */
export async function disableClient(context: ClientContext, oauthClientId: string): Promise<void> {
  const applications = await listApplications(context.database);
  await changeClient(context, oauthClientId, 'client.disable', async (tx, client) => {
    await disableRow({ db: tx }, oauthClientId, context.clock.now());
    await deleteOauthRecordsOfParty(tx, oauthClientId);
    const own = applications.filter(({ clientId }) => clientId === client.id);
    for (const { id } of own) await deleteOauthRecordsOfParty(tx, id);
  });
}

/** Enables a client again; it must get new tokens. Fails with NOT_FOUND. */
export async function enableClient(context: ClientContext, oauthClientId: string): Promise<void> {
  await changeClient(context, oauthClientId, 'client.enable', async (tx) => {
    await enableRow({ db: tx }, oauthClientId);
  });
}

/** Does `change` and writes it down, or fails with NOT_FOUND. */
export async function changeClient<Result>(
  { database, clock }: ClientContext,
  oauthClientId: string,
  action: AuditedAction,
  change: (tx: Tx, client: ClientRow) => Promise<Result>,
  subject: Readonly<Record<string, string>> = {},
): Promise<Result> {
  return database.db.transaction(async (tx) => {
    const client = await findClient(tx, oauthClientId);
    if (!client) throw notFound('client');
    const result = await change(tx, client);
    const entry = {
      actor: operatorActor,
      action,
      subject: { clientId: client.id, ...subject },
      occurredAt: clock.now(),
    };
    await appendAuditEntry(tx, client.id, entry);
    return result;
  });
}
