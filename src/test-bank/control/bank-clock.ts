import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { BankState } from '../state/state.ts';

const settingSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('fixed'), at: z.int() }),
  z.strictObject({ mode: z.literal('offset'), milliseconds: z.int() }),
]);

/** The clock of the bank: the clock it was given, moved by an offset or stopped at an instant. */
export interface BankClock extends Clock {
  readonly mode: 'fixed' | 'offset';
  /** Stops the clock at an instant. */
  fix(at: Date): void;
  /** Lets the clock run with the clock it was given, this far ahead of it (or behind when negative). */
  offset(milliseconds: number): void;
  /** Moves the clock on, whether it stands or runs. */
  advance(milliseconds: number): void;
}

/** A clock over another one. Its setting is part of the state of the bank, so that a restart does not turn time back. */
export function bankClock(base: Clock, state: BankState): BankClock {
  const settings = state.collection('clock', settingSchema);
  const setting = () => settings.get('bank') ?? { mode: 'offset' as const, milliseconds: 0 };
  return {
    get mode() {
      return setting().mode;
    },
    now() {
      const current = setting();
      return new Date(current.mode === 'fixed' ? current.at : base.now().getTime() + current.milliseconds);
    },
    fix: (at) => settings.put('bank', { mode: 'fixed', at: at.getTime() }),
    offset: (milliseconds) => settings.put('bank', { mode: 'offset', milliseconds }),
    advance(milliseconds) {
      const current = setting();
      settings.put(
        'bank',
        current.mode === 'fixed'
          ? { mode: 'fixed', at: current.at + milliseconds }
          : { mode: 'offset', milliseconds: current.milliseconds + milliseconds },
      );
    },
  };
}
