import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { FaultKind, TimelineFault, TriggeredFault } from '../scenario/fault.ts';
import type { BankState } from '../state/state.ts';

/** A fault that holds now. */
export interface ActiveFault {
  readonly kind: FaultKind;
  readonly path: string;
  readonly isCounted: boolean;
  readonly retryAfterSeconds: number;
  readonly days: number;
  readonly until: Date | null;
}

export interface Faults {
  /**
   * The first fault of one of these kinds that holds for this path. Counts as a call against a triggered fault.
   * `isCounted`: only those that strike after the bank has counted the call, or before it.
   */
  take(kinds: readonly FaultKind[], path: string, isCounted?: boolean): ActiveFault | null;
  trigger(fault: TriggeredFault): void;
  /** Ends what was triggered; the timeline of the scenario stays. */
  clear(): void;
  list(): readonly ActiveFault[];
  /** The number of this call among those that may flap, from 1: kept, so that a restart does not begin anew. */
  nextFlap(): number;
}

interface Triggered {
  readonly fault: ActiveFault;
  callsLeft: number;
}

const triggeredMax = 1000;

/** The faults of the scenario's timeline and those triggered through the control, by the clock of the bank. */
export function faultsOf(state: BankState, clock: Clock, timeline: () => readonly TimelineFault[]): Faults {
  const flaps = state.collection('flaps', z.int());
  let triggered: Triggered[] = [];
  function drop(now: Date): void {
    triggered = triggered.filter(({ fault, callsLeft }) => callsLeft > 0 && (!fault.until || now < fault.until));
  }
  function scheduled(now: Date): ActiveFault[] {
    return timeline()
      .filter((fault) => Date.parse(fault.from) <= now.getTime() && now.getTime() < Date.parse(fault.until))
      .map((fault) => activeOf(fault, now, new Date(fault.until)));
  }
  return {
    take(kinds, path, isCounted) {
      const now = clock.now();
      drop(now);
      const matches = (fault: ActiveFault) =>
        kinds.includes(fault.kind) &&
        path.startsWith(fault.path) &&
        (isCounted === undefined || fault.isCounted === isCounted);
      const hit = triggered.find(({ fault }) => matches(fault));
      if (!hit) return scheduled(now).find(matches) ?? null;
      hit.callsLeft -= 1;
      return hit.fault;
    },
    trigger(fault) {
      const now = clock.now();
      const until = fault.durationSeconds === undefined ? null : new Date(now.getTime() + fault.durationSeconds * 1000);
      triggered = [
        ...triggered.slice(1 - triggeredMax),
        { fault: activeOf(fault, now, until), callsLeft: fault.calls ?? Number.POSITIVE_INFINITY },
      ];
    },
    clear() {
      triggered = [];
    },
    list() {
      const now = clock.now();
      drop(now);
      return [...triggered.map(({ fault }) => fault), ...scheduled(now)];
    },
    nextFlap() {
      const next = (flaps.get('bank') ?? 0) + 1;
      flaps.put('bank', next);
      return next;
    },
  };
}

function activeOf(fault: TimelineFault | TriggeredFault, now: Date, until: Date | null): ActiveFault {
  const rest = until ? Math.ceil((until.getTime() - now.getTime()) / 1000) : 60;
  return {
    kind: fault.kind,
    path: fault.path ?? '/',
    isCounted: fault.isCounted ?? false,
    retryAfterSeconds: fault.retryAfterSeconds ?? Math.max(1, rest),
    days: fault.days,
    until,
  };
}
