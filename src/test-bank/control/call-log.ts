/** One call that reached the bank, with its headers: for asserting budgets and what the caller said of the person. */
export interface LoggedCall {
  readonly sequence: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface CallLog {
  add(call: Omit<LoggedCall, 'sequence'>): void;
  /** The calls after a sequence number, oldest first. */
  after(sequence: number): readonly LoggedCall[];
  clear(): void;
}

const callsKeptMax = 2000;
const secretHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** A log of the last calls. Secrets among the headers are told to be there, not what they are. */
export function callLog(): CallLog {
  let calls: LoggedCall[] = [];
  let sequence = 0;
  return {
    add(call) {
      sequence += 1;
      const headers = Object.fromEntries(
        Object.entries(call.headers).map(([name, value]) => [name, secretHeaders.has(name) ? '(present)' : value]),
      );
      calls.push({ ...call, headers, sequence });
      if (calls.length >= callsKeptMax * 2) calls = calls.slice(-callsKeptMax);
    },
    after: (last) => calls.slice(-callsKeptMax).filter((call) => call.sequence > last),
    clear() {
      calls = [];
    },
  };
}
