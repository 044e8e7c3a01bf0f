import { Failure, invalidInput } from '../domain/failure.ts';
import { scopeOfRow } from '../domain/viewer.ts';
import { newId, type ClientId, type UserId } from '../kernel/id.ts';
import { inUserTransaction } from '../store/log.ts';
import { insertUser } from '../store/users.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { hashPassword } from './password.ts';
import { userIssues } from './user-input.ts';

interface NewUserInput {
  /** Unique within the client, whatever its case. */
  readonly email: string;
  readonly password: string;
  /** BCP 47. */
  readonly locale?: string | null;
}

/**
 * Creates a user of the client. Fails with VALIDATION_FAILED and every issue at once, or with CONFLICT when another
 * user of the client has the e-mail. Appends user.created.
 */
export async function createUser(
  context: Pick<ActionContext, 'database' | 'clock' | 'actor'>,
  clientId: ClientId,
  input: NewUserInput,
): Promise<UserId> {
  const issues = userIssues(input);
  if (issues.length > 0) throw invalidInput(issues);
  const passwordHash = await hashPassword(input.password);
  const now = context.clock.now();
  const userId = newId('user', now);
  await inUserTransaction(context.database, scopeOfRow({ clientId, userId }), async (transaction) => {
    const user = { email: input.email, passwordHash, locale: input.locale ?? null, createdAt: now };
    if (!(await insertUser(transaction, user))) throw emailTaken();
    await transaction.append(now, { type: 'user.created', facts: {} });
    await audit(context, transaction, 'user.create');
  });
  return userId;
}

/** The answer to an e-mail that another user of the same client has. */
export function emailTaken(): Failure {
  return new Failure('CONFLICT', {
    message: 'Another user of this client has this e-mail. Choose another one, or use that user.',
    issues: [{ path: ['email'], message: 'Already taken.' }],
  });
}
