import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Gateway } from './gateway.ts';

interface ListenOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** How long a request may take to arrive, its headers and all of it: who dribbles bytes holds no socket. */
  readonly headersMilliseconds?: number;
  readonly requestMilliseconds?: number;
  /** Absent: HTTP without TLS, for this machine or behind a proxy. */
  readonly tls?: TlsOptions | null;
}

/** All in PEM. */
export interface TlsOptions {
  readonly certificate: string;
  readonly key: string;
  /** Clients are asked for a certificate when these are given; one of another authority is read but not trusted. */
  readonly clientAuthorities: readonly string[] | null;
}

/** A gateway that can be reached. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Takes no new request, lets the running ones end and tells streams to come back; then the port is free. */
  close(): Promise<void>;
}

/** Opens the port. Throws an error that names the port and the remedy when it cannot be had. */
export async function listen(gateway: Gateway, options: ListenOptions): Promise<Listening> {
  const { host, port, tls = null, headersMilliseconds = 15_000, requestMilliseconds = 60_000 } = options;
  const timeouts = {
    headersTimeout: headersMilliseconds,
    requestTimeout: requestMilliseconds,
    connectionsCheckingInterval: Math.min(5_000, headersMilliseconds),
  };
  const handle: Parameters<typeof createServer>[1] = (request, response) => gateway.handle(request, response);
  const server = tls ? createTlsServer({ ...timeouts, ...serverOptions(tls) }, handle) : createServer(timeouts, handle);
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { port: actualPort } = addressOf(server.address());
  return {
    port: actualPort,
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await gateway.drain();
      server.closeIdleConnections();
      await closed;
    },
  };
}

function serverOptions({ certificate, key, clientAuthorities }: TlsOptions) {
  const asked = { ca: [...(clientAuthorities ?? [])], requestCert: true, rejectUnauthorized: false };
  return { cert: certificate, key, minVersion: 'TLSv1.2', ...(clientAuthorities ? asked : {}) } as const;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address === 'object' && address) return address;
  throw new Error('The server has no address.');
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const { code = 'unknown' } = error;
  switch (code) {
    case 'EADDRINUSE':
      return new Error(
        `Port ${port} on ${host} is taken by another program. Stop it, or choose another port: PORT=${port + 1}, or PORT=0 for a free one.`,
        { cause: error },
      );
    case 'EACCES':
      return new Error(`Port ${port} may only be opened by root. Choose a port above 1023 with PORT.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`This machine has no address "${host}". Set HOST to 127.0.0.1, 0.0.0.0 or one of its own.`, {
        cause: error,
      });
    default:
      return error;
  }
}
