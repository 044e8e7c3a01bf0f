import type { UserId } from '../kernel/id.ts';
import { findUserByEmail } from '../store/users.ts';
import type { ActionContext } from './context.ts';
import { throttleLogin, type LoginAttempt } from './login-throttle.ts';
import { verifyPassword } from './password.ts';

/**
 * The user of a client with this e-mail and this password, or null: an unknown e-mail and a wrong password have one
 * answer and cost the same work. Fails with RATE_LIMITED after too many failures (see login-throttle.ts).
 */
export async function authenticateUser(
  context: Pick<ActionContext, 'database' | 'clock'>,
  attempt: LoginAttempt & { readonly password: string },
): Promise<UserId | null> {
  const { clientId, email, password } = attempt;
  return throttleLogin(context, attempt, async () => {
    // PostgreSQL cannot take a NUL in a text; no e-mail has one.
    const user = email.includes('\0') ? null : await findUserByEmail(context.database, clientId, email);
    return (await verifyPassword(user ? [user.passwordHash] : [], password)) && user ? user.id : null;
  });
}
