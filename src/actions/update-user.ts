import { invalidInput, notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { inUserTransaction } from '../store/log.ts';
import { deleteOauthRecordsOfUser } from '../store/oauth-records.ts';
import { isEmailTaken, updateUserRow } from '../store/users.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { emailTaken } from './create-user.ts';
import { hashPassword } from './password.ts';
import { userIssues, type UserInput } from './user-input.ts';

/**
 * Changes what is given of a user; null takes the locale away. A new password ends every token of the user. Fails with VALIDATION_FAILED, NOT_FOUND for another
 * client's user, or CONFLICT when another user of the client has the e-mail. Appends user.updated.
 */
export async function updateUser(
  context: Pick<ActionContext, 'database' | 'clock' | 'actor'>,
  scope: UserScope,
  input: UserInput,
): Promise<void> {
  const issues = userIssues(input);
  if (issues.length > 0) throw invalidInput(issues);
  const passwordHash = input.password === undefined ? undefined : await hashPassword(input.password);
  const now = context.clock.now();
  const change = {
    ...(input.email === undefined ? {} : { email: input.email }),
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(input.locale === undefined ? {} : { locale: input.locale }),
    updatedAt: now,
  };
  try {
    await inUserTransaction(context.database, scope, async (transaction) => {
      if (!(await updateUserRow(transaction, change))) throw notFound('user');
      if (passwordHash !== undefined) await deleteOauthRecordsOfUser(transaction.tx, scope.userId);
      await transaction.append(now, { type: 'user.updated', facts: {} });
      await audit(context, transaction, 'user.update');
    });
  } catch (error) {
    if (isEmailTaken(error)) throw emailTaken();
    throw error;
  }
}
