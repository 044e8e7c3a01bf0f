import type { ConnectorRegistry } from '../connectors/registry.ts';
import type { Actor } from '../domain/audit.ts';
import type { ChangeCounts } from '../domain/sync.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { Log } from '../kernel/log.ts';
import type { AccountRow } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { UserTransaction } from '../store/log.ts';
import type { Vault } from '../vault/vault.ts';

/**
 * Makes one ledger of those of two accounts, in the first one, and says what changed there. The comparison is that of
 * the syncs (sync/merge-ledgers.ts).
 */
type MergeLedgers = (
  transaction: UserTransaction,
  accounts: { readonly first: AccountRow; readonly second: AccountRow; readonly isSecondWhole: boolean },
  now: Date,
) => Promise<{ readonly counts: ChangeCounts; readonly oldestChangedOn: CalendarDate | null }>;

/** What an action needs from outside; app/compose.ts makes it, tests make their own. */
export interface ActionContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly connectors: ConnectorRegistry;
  readonly vault: Vault;
  readonly log: Log;
  readonly mergeLedgers: MergeLedgers;
  /** The address at which browsers reach this installation, without a slash at the end. */
  readonly publicUrl: string;
  /** Whether webhooks may lead to this machine, and by http: in a sandbox only. Absent: they may not. */
  readonly isLoopbackAllowed?: boolean;
  /** Who acts, for the audit log; absent: the house itself. */
  readonly actor?: Actor;
}
