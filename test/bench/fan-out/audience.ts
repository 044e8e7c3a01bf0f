import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { monotonicMilliseconds, type AudienceOrder, type AudienceReport } from './audience-protocol.ts';

const program = fileURLToPath(new URL('audience-child.ts', import.meta.url));

/** Many open sockets of one process, and what they receive. */
export interface Audience {
  /** The text of the first message that is received. */
  readonly sample: Promise<string>;
  /**
   * Runs `act`, waits until the sockets have received so many messages, and says how long each took since `act` called
   * `begin`, in milliseconds.
   */
  receive(count: number, act: (begin: () => void) => Promise<void>): Promise<Float64Array>;
  close(): Promise<void>;
}

type Opening = Omit<Extract<AudienceOrder, { kind: 'open' }>, 'kind'>;

/** Starts a process that opens the sockets; they listen for whatever comes after the acknowledgement. */
export async function openAudience(opening: Opening): Promise<Audience> {
  const child = fork(program, { serialization: 'advanced', execArgv: [] });
  const sample = reported(child, 'sample').then(({ text }) => text);
  // One that is closed without a message has none, which is no failure of who does not ask.
  sample.catch(() => {});
  const opened = reported(child, 'opened');
  tell(child, { kind: 'open', ...opening });
  await opened;
  return {
    sample,
    async receive(count, act) {
      const received = reported(child, 'received');
      const listening = reported(child, 'listening');
      tell(child, { kind: 'listen', count });
      await listening;
      let began = Number.POSITIVE_INFINITY;
      await act(() => (began = monotonicMilliseconds()));
      const { atMilliseconds } = await received;
      // What a poll has found before the commit was reported has waited for nothing.
      return atMilliseconds.map((at) => Math.max(0, at - began));
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function tell(child: ChildProcess, order: AudienceOrder): void {
  child.send(order);
}

/** The next report of this kind. */
function reported<Kind extends AudienceReport['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<AudienceReport, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (report: AudienceReport): void => {
      if (!isOf(report, kind)) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(report);
    };
    const onExit = (): void => {
      child.off('message', onMessage);
      reject(new Error('The process of the receiving sockets has ended.'));
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

function isOf<Kind extends AudienceReport['kind']>(
  report: AudienceReport,
  kind: Kind,
): report is Extract<AudienceReport, { kind: Kind }> {
  return report.kind === kind;
}
