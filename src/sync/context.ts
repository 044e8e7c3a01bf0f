import type { ConnectorRegistry } from '../connectors/registry.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Timer } from '../kernel/timer.ts';
import type { Database } from '../store/database.ts';
import type { Vault } from '../vault/vault.ts';

/** What a sync needs from outside. */
export interface SyncContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly connectors: ConnectorRegistry;
  readonly vault: Vault;
  readonly log: Log;
  /** The address at which browsers reach this installation, without a slash at the end. */
  readonly publicUrl: string;
  /** Extends the lease while a bank is slow to answer; absent: the machine's own. */
  readonly timer?: Timer;
}
