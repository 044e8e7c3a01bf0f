import { operatorActor } from '../domain/audit.ts';
import { invalidInput } from '../domain/failure.ts';
import { newId } from '../kernel/id.ts';
import { appendAuditEntry } from '../store/audit.ts';
import { insertClient, type ClientSettings } from '../store/clients.ts';
import { authenticationIssues, clientIssues, newAuthentication, type AuthenticationInput } from './client-input.ts';
import type { ActionContext } from './context.ts';

type NewClientInput = Pick<ClientSettings, 'name' | 'permissions' | 'isClientModeAllowed'> &
  Partial<ClientSettings> & {
    /** A secret unless told otherwise. */
    readonly authentication?: AuthenticationInput;
  };

export interface CreatedClient {
  readonly oauthClientId: string;
  /** Shown this once: only its hash is kept. Empty where the client proves itself in another way. */
  readonly secret: string;
}

/** Registers a client application. Fails with VALIDATION_FAILED and every issue at once. */
export async function createClient(
  context: Pick<ActionContext, 'database' | 'clock'>,
  { authentication = { method: 'client_secret' }, ...settings }: NewClientInput,
): Promise<CreatedClient> {
  const issues = [...clientIssues(settings), ...authenticationIssues(authentication)];
  if (issues.length > 0) throw invalidInput(issues);
  const now = context.clock.now();
  const id = newId('client', now);
  const { row, secret } = await newAuthentication(authentication);
  await context.database.db.transaction(async (tx) => {
    const client = { ...settings, ...row, id, oauthClientId: id, name: settings.name.trim(), createdAt: now };
    await insertClient({ db: tx }, client);
    const entry = {
      actor: operatorActor,
      action: 'client.create',
      subject: { clientId: id },
      occurredAt: now,
    } as const;
    await appendAuditEntry(tx, id, entry);
  });
  return { oauthClientId: id, secret: secret ?? '' };
}
