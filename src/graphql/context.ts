import type { ActionContext } from '../actions/context.ts';
import type { EventReader } from '../events/event-reader.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Db } from '../store/database.ts';

/** What a bank is told of the person in front of the screen. */
export interface PsuContext {
  readonly ipAddress: string;
  readonly userAgent?: string;
}

/** What every resolver sees of the request. http makes one for each operation. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  /** Read only: all writes go through actions. */
  readonly db: Db;
  readonly actions: ActionContext;
  /** Null when a machine calls for a person who is not there. */
  readonly psu: PsuContext | null;
  /** BCP 47; which language labels are written in. */
  readonly locale: string;
  /** Where the request comes from; null where that is not known. */
  readonly ipAddress: string | null;
  readonly events: EventReader;
  /** Aborts when nobody waits for the answer any more: the caller has gone, or the gateway closes. Made when called. */
  readonly untilGone: () => AbortSignal;
}
