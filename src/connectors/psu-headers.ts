import type { PsuContext } from './connector.ts';

/**
 * The headers that tell a bank that the person is asking right now: present if and only if that is so, for a call
 * without them counts against the four a day (RTS 2018/389, art. 36(5)).
 */
export function psuHeaders(psu: PsuContext | null): Record<string, string> {
  if (!psu) return {};
  // Strict banks take IPv4 only, and an IPv4 address that came over an IPv6 socket is one.
  const ipAddress = psu.ipAddress.replace(/^::ffff:(?=\d{1,3}\.)/i, '');
  const userAgent = psu.userAgent?.replace(/[^\x20-\x7E]/g, '').slice(0, 256);
  return { 'psu-ip-address': ipAddress, ...(userAgent ? { 'psu-user-agent': userAgent } : {}) };
}
