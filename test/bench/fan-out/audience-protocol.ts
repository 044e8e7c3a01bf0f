/** What an audience is told to do. */
export type AudienceOrder =
  | {
      readonly kind: 'open';
      readonly url: string;
      readonly sockets: number;
      /** What the nth socket says to begin: its connection_init and subscribe; null for a bare server. */
      readonly greetings: readonly (readonly [string, string])[] | null;
    }
  /** Note when each of the next `count` messages is received. */
  | { readonly kind: 'listen'; readonly count: number };

/** What an audience says. */
export type AudienceReport =
  | { readonly kind: 'opened' }
  | { readonly kind: 'listening' }
  /** The first message that was received. */
  | { readonly kind: 'sample'; readonly text: string }
  | { readonly kind: 'received'; readonly atMilliseconds: Float64Array };

// The origin of `performance.now` is each process's own; that of `hrtime` is the machine's.
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** A time that two processes of this machine can compare. */
export function monotonicMilliseconds(): number {
  return origin + performance.now();
}
