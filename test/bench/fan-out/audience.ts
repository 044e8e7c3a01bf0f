import WebSocket from 'ws';

/** Many open sockets of this process, and what they receive. */
export interface Audience {
  /** The text of the first message that was received. */
  readonly sample: () => string;
  /**
   * Runs `act`, waits until the sockets have received so many messages, and says how long each took since
   * `act` called `begin`.
   */
  receive(count: number, act: (begin: () => void) => Promise<void>): Promise<Float64Array>;
  close(): Promise<void>;
}

interface AudienceOptions {
  readonly url: string;
  readonly sockets: number;
  /** What the nth socket says to begin: its connection_init and subscribe; none for a bare server. */
  readonly greeting: ((index: number) => readonly [string, string]) | null;
}

const openAtOnce = 100;

/** Opens the sockets, a hundred at once; they listen for whatever comes after the acknowledgement. */
export async function openAudience({ url, sockets, greeting }: AudienceOptions): Promise<Audience> {
  const open: WebSocket[] = [];
  let sample = '';
  let onMessage: (() => void) | null = null;

  async function openOne(index: number): Promise<void> {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true });
    open.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => {
        if (!greeting) return resolve();
        const [init, subscribe] = greeting(index);
        socket.send(init);
        socket.once('message', () => {
          socket.send(subscribe);
          resolve();
        });
      });
    });
    socket.on('message', (data: Buffer) => {
      if (onMessage) onMessage();
      else if (sample === '') sample = data.toString();
    });
  }

  for (let first = 0; first < sockets; first += openAtOnce) {
    const batch = Array.from({ length: Math.min(openAtOnce, sockets - first) }, (_, index) => openOne(first + index));
    await Promise.all(batch);
  }

  return {
    sample: () => sample,
    async receive(count, act) {
      const delays = new Float64Array(count);
      let received = 0;
      const all = Promise.withResolvers<void>();
      let began = Number.POSITIVE_INFINITY;
      onMessage = () => {
        // What a poll has found before the commit was reported has waited for nothing.
        delays[received] = Math.max(0, performance.now() - began);
        received += 1;
        if (received === count) all.resolve();
      };
      await act(() => (began = performance.now()));
      await all.promise;
      onMessage = null;
      return delays;
    },
    async close() {
      const closed = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of open) socket.terminate();
      await Promise.all(closed);
    },
  };
}
