import { systemActor, type AuditedAction } from '../domain/audit.ts';
import type { Scope } from '../domain/viewer.ts';
import type { UserTransaction } from '../store/log.ts';
import { appendAuditEntry } from '../store/audit.ts';
import type { ActionContext } from './context.ts';

/** Writes down what this transaction does in the name of its user's client. Call it last: it locks the chain. */
export async function audit(
  { clock, actor = systemActor }: Pick<ActionContext, 'clock' | 'actor'>,
  { tx, scope }: Pick<UserTransaction, 'tx'> & { readonly scope: Scope },
  action: AuditedAction,
  subject: Readonly<Record<string, string>> = {},
  result?: string,
): Promise<void> {
  await appendAuditEntry(tx, scope.clientId, {
    actor,
    action,
    subject: { ...(scope.userId ? { userId: scope.userId } : {}), ...subject },
    occurredAt: clock.now(),
    ...(result ? { result } : {}),
  });
}
