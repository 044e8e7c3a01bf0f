import { invalidInput, type Issue } from '../domain/failure.ts';
import { permissions, type Permission } from '../domain/viewer.ts';
import { newId } from '../kernel/id.ts';
import { insertClient } from '../store/clients.ts';
import { newClientSecret } from './client-secret.ts';
import type { ActionContext } from './context.ts';
import { hashPassword } from './password.ts';

interface NewClientInput {
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Whether its own tokens may act on its users' data, and not only manage the users. */
  readonly isClientModeAllowed: boolean;
}

export interface CreatedClient {
  readonly oauthClientId: string;
  /** Shown this once: only its hash is kept. */
  readonly secret: string;
}

/** Registers a client application. Fails with VALIDATION_FAILED on an empty name or on permissions that do not exist. */
export async function createClient(
  context: Pick<ActionContext, 'database' | 'clock'>,
  input: NewClientInput,
): Promise<CreatedClient> {
  const issues = clientIssues(input);
  if (issues.length > 0) throw invalidInput(issues);
  const now = context.clock.now();
  const id = newId('client', now);
  const secret = newClientSecret();
  await insertClient(context.database, {
    id,
    oauthClientId: id,
    name: input.name.trim(),
    secretHashes: [await hashPassword(secret)],
    permissions: input.permissions,
    isClientModeAllowed: input.isClientModeAllowed,
    createdAt: now,
  });
  return { oauthClientId: id, secret };
}

function clientIssues(input: NewClientInput): readonly Issue[] {
  const issues: Issue[] = [];
  const nameLength = input.name.trim().length;
  if (nameLength === 0 || nameLength > 100)
    issues.push({ path: ['name'], message: 'Give a name of 1 to 100 characters.' });
  const unknown = input.permissions.filter((permission) => !permissions.includes(permission));
  if (unknown.length > 0) {
    issues.push({
      path: ['permissions'],
      message: `Unknown: ${unknown.join(', ')}. Choose among ${permissions.join(', ')}.`,
    });
  }
  return issues;
}
