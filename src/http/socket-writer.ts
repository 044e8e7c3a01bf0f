import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** What may wait in a socket before its streams are stopped until it has drained. */
const bufferedBytesMax = 256 * 1024;
/** The first byte of a text message in one frame (RFC 6455 section 5.2): FIN, opcode 1. */
const textFrame = 0x81;

const unwritten: SocketWriter[] = [];

/**
 * Writes texts to a WebSocket: those of one turn of the event loop in one buffer and one write. `ws` makes two writes
 * of every message, and when a sync moves a stream by twenty events it is the system calls that cost. All that is sent
 * over the socket besides (its answers, `close`) must come after `flush`, so that it stays in order.
 */
export class SocketWriter {
  protected readonly socket: WebSocket;
  private readonly stream: Duplex;
  private texts: string[] | null = null;
  private waitingCharacters = 0;

  /** `stream` is what the socket was upgraded from; without compression ws writes each message to it at once. */
  constructor(socket: WebSocket, stream: Duplex) {
    this.socket = socket;
    this.stream = stream;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Whether so much waits in the socket that no more should be made for it. */
  get isFull(): boolean {
    return this.stream.writableLength + this.waitingCharacters >= bufferedBytesMax;
  }

  /** Writes a text with the others of this turn; nothing when the socket is closing. */
  write(text: string): void {
    if (this.texts) this.texts.push(text);
    else {
      if (unwritten.length === 0) queueMicrotask(flushAll);
      unwritten.push(this);
      this.texts = [text];
    }
    this.waitingCharacters += text.length;
  }

  /** Writes what waits; `onWritten` is called when the network has it, or when the socket has broken. */
  flush(onWritten?: () => void): void {
    const { texts } = this;
    if (!texts) return onWritten?.();
    this.texts = null;
    this.waitingCharacters = 0;
    if (!this.isOpen) return onWritten?.();
    this.stream.write(framed(texts), onWritten);
  }
}

function flushAll(): void {
  for (const writer of unwritten.splice(0)) writer.flush();
}

function framed(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  let total = 0;
  for (const length of lengths) total += headerBytes(length) + length;
  const frames = Buffer.allocUnsafe(total);
  let at = 0;
  for (const [index, text] of texts.entries()) {
    at = writeHeader(frames, at, lengths[index] ?? 0);
    at += frames.write(text, at, 'utf8');
  }
  return frames;
}

function headerBytes(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** The length of an unmasked frame, as a server sends it: in 7 bits, or 126 and 16 bits, or 127 and 64 bits. */
function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = textFrame;
  if (length < 126) frames[at + 1] = length;
  else if (length < 65_536) {
    frames[at + 1] = 126;
    frames.writeUInt16BE(length, at + 2);
  } else {
    frames[at + 1] = 127;
    frames.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + headerBytes(length);
}
