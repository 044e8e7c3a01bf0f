import { styleText } from 'node:util';
import { newWebhookKeys } from '../actions/webhook-secret.ts';
import { readConfig } from '../app/config.ts';
import { eventTypes, isEventType } from '../domain/event.ts';
import { systemClock } from '../kernel/clock.ts';
import { requestToken } from './demo/gateway-client.ts';
import { streamEvents } from './listen/event-stream.ts';
import { createForwarder, type Forwarded } from './listen/forward.ts';

interface ListenOptions {
  readonly forwardTo: string;
  /** Types as they stand in payloads, between commas. */
  readonly types?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly url?: string;
}

/** Brings every event of the client to an address of this machine, signed as a webhook is, until a signal ends it. */
export async function listen(options: ListenOptions): Promise<void> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  const write = (line: string) => process.stdout.write(`${line}\n`);
  await forwardEvents(options, { write, signal: stopping.signal });
}

interface Surroundings {
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
  readonly retryMilliseconds?: number;
}

/** The same with its own output and end. Each event is tried once: it is in the log and can be had again. */
export async function forwardEvents(options: ListenOptions, surroundings: Surroundings): Promise<void> {
  const { write, ...ending } = surroundings;
  if (!URL.canParse(options.forwardTo)) {
    throw new Error(`--forward-to must be an address like http://localhost:3000/hook, not "${options.forwardTo}".`);
  }
  const types = options.types === undefined ? null : readTypes(options.types);
  const gatewayUrl = (options.url ?? configuredUrl()).replace(/\/$/, '');
  const client = { id: options.clientId, secret: options.clientSecret };
  const token = () => requestToken(gatewayUrl, client, { grant_type: 'client_credentials', scope: 'events_read' });
  const keys = newWebhookKeys();
  const forward = createForwarder({ url: options.forwardTo, keys, clock: systemClock });
  write(`Secret   ${keys.secret}   (of this run only)`);
  write(`Key      ${keys.publicKey}`);
  write(`Forwarding ${types ? options.types : 'all events'} of ${gatewayUrl} to ${options.forwardTo}`);
  const onBreak = (reason: string) => write(styleText('yellow', `The connection broke (${reason}); connecting again.`));
  const events = streamEvents({ gatewayUrl, token, types, onBreak, ...ending });
  for await (const event of events) write(lineOf(await forward(event)));
}

function readTypes(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !isEventType(name));
  if (unknown.length > 0) throw new Error(`No such event: ${unknown.join(', ')}. There are: ${eventTypes.join(', ')}.`);
  return names.map((name) => name.replace('.', '_').toUpperCase());
}

function configuredUrl(): string {
  const config = readConfig();
  return config.publicUrl ?? `http://${config.host}:${config.port}`;
}

function lineOf({ outcome, isAccepted, milliseconds, type, id }: Forwarded): string {
  const at = systemClock.now().toISOString().slice(11, 23);
  return `${at}  ${styleText(isAccepted ? 'green' : 'red', outcome)}  ${milliseconds} ms  ${type}  ${id}`;
}
