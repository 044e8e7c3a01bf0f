import { operatorActor, type AuditedAction } from '../domain/audit.ts';
import { secretOverlapSecondsDefault } from '../domain/client-authentication.ts';
import { notFound } from '../domain/failure.ts';
import { parseId } from '../kernel/id.ts';
import {
  disableApplicationRow,
  findApplication,
  updateApplicationSecrets,
  type ApplicationRow,
} from '../store/applications.ts';
import { appendAuditEntry } from '../store/audit.ts';
import type { Tx } from '../store/database.ts';
import { deleteOauthRecordsOfParty } from '../store/oauth-records.ts';
import type { ActionContext } from './context.ts';
import { nextSecret, type RotatedSecret } from './rotate-client-secret.ts';

type ApplicationContext = Pick<ActionContext, 'database' | 'clock'>;

/** Disables an application for good: every token that users gave it ends at once. Fails with NOT_FOUND. */
export async function disableApplication(context: ApplicationContext, id: string): Promise<void> {
  await changeApplication(context, id, 'application.disable', async (tx, application) => {
    await disableApplicationRow(tx, application.id, context.clock.now());
    await deleteOauthRecordsOfParty(tx, application.id);
  });
}

/** Gives an application a new secret, as `rotateClientSecret` does a client. */
export async function rotateApplicationSecret(
  context: ApplicationContext,
  id: string,
  overlapSeconds: number = secretOverlapSecondsDefault,
): Promise<RotatedSecret> {
  const { row, rotated } = await nextSecret(context, overlapSeconds);
  await changeApplication(context, id, 'application.rotate_secret', async (tx, application) => {
    await updateApplicationSecrets(tx, application.id, row(application));
  });
  return rotated;
}

async function changeApplication(
  { database, clock }: ApplicationContext,
  id: string,
  action: AuditedAction,
  change: (tx: Tx, application: ApplicationRow) => Promise<void>,
): Promise<void> {
  const applicationId = parseId('application', id);
  if (!applicationId) throw notFound('application');
  await database.db.transaction(async (tx) => {
    const application = await findApplication(tx, applicationId);
    if (!application) throw notFound('application');
    await change(tx, application);
    const entry = { actor: operatorActor, action, subject: { applicationId }, occurredAt: clock.now() };
    await appendAuditEntry(tx, application.clientId, entry);
  });
}
