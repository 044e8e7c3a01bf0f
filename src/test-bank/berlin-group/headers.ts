import { isIP } from 'node:net';
import type { Context } from 'hono';
import { Refusal } from '../refusal.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** X-Request-ID is mandatory on every call and echoed. */
export function requireRequestId(context: Context): string {
  const id = context.req.header('x-request-id');
  if (id === undefined || !uuid.test(id)) {
    throw new Refusal(400, 'FORMAT_ERROR', 'The header X-Request-ID must be a UUID.', { path: 'X-Request-ID' });
  }
  return id;
}

/** The address of the person who asks right now, or null for an unattended call. */
export function psuIpAddress(context: Context): string | null {
  const address = context.req.header('psu-ip-address');
  if (address === undefined) return null;
  if (isIP(address) === 0) {
    throw new Refusal(400, 'FORMAT_ERROR', 'The header PSU-IP-Address must be an IP address.', {
      path: 'PSU-IP-Address',
    });
  }
  return address;
}

/** A redirect header as an absolute http or https address, or null when it is absent. */
export function redirectHeader(context: Context, name: string): string | null {
  const value = context.req.header(name);
  if (value === undefined) return null;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol) || value.length > 2000) {
    throw new Refusal(400, 'FORMAT_ERROR', `The header ${name} must be an absolute http or https address.`, {
      path: name,
    });
  }
  return value;
}

/** Whom the third party names in PSU-ID, or null. */
export function psuId(context: Context): string | null {
  const login = context.req.header('psu-id')?.trim();
  return login ? login : null;
}
