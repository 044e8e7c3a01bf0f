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
    const ascii = asciiFrames(texts);
    // Node copies a text without a buffer of its own, which is a tenth of what a write costs.
    if (ascii === null) this.stream.write(framed(texts), onWritten);
    else this.stream.write(ascii, 'latin1', onWritten);
  }
}

function flushAll(): void {
  for (const writer of unwritten.splice(0)) writer.flush();
}

/** The frames with a character for each byte; null when a text is not ASCII. */
function asciiFrames(texts: readonly string[]): string | null {
  let frames = '';
  let highBytes = 0;
  for (const text of texts) {
    const before = header(text.length);
    for (let at = 0; at < before.length; at += 1) if (before.charCodeAt(at) > 0x7f) highBytes += 1;
    frames += before + text;
  }
  // In UTF-8 every character above 0x7f would take more than one byte, and there must be none but the headers'.
  return Buffer.byteLength(frames) === frames.length + highBytes ? frames : null;
}

function framed(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => [Buffer.from(header(Buffer.byteLength(text)), 'latin1'), Buffer.from(text)]),
  );
}

/**
 * The header of an unmasked frame, as a server sends it, with a character for each byte: the length in 7 bits, or 126
 * and 16 bits, or 127 and 64 bits.
 */
function header(length: number): string {
  if (length < 126) return String.fromCharCode(textFrame, length);
  if (length < 65_536) return String.fromCharCode(textFrame, 126, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return String.fromCharCode(textFrame, 127) + bytes.toString('latin1');
}
