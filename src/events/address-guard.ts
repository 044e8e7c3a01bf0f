import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { specialIpv4Networks } from '../kernel/special-addresses.ts';

/** An address that a name resolves to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Asks the system, or a test's own table. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** An address that nothing is sent to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

// Of IPv6 only 2000::/3 is the open internet, less what tunnels, documents or maps an IPv4 address that is not checked.
const special6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const refused4 = new BlockList();
for (const [net, prefix] of specialIpv4Networks) refused4.addSubnet(net, prefix, 'ipv4');
const refused6 = new BlockList();
for (const [net, prefix] of special6) refused6.addSubnet(net, prefix, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for an address of the open internet; for one of this machine only where that is allowed. */
export function isAllowedAddress(address: string, isLoopbackAllowed: boolean): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  // An IPv4 address in the clothes of IPv6 is not of 2000::/3; BlockList would take it for what it maps.
  if (version === 6 && address.startsWith('::') && address !== '::1') return false;
  if (loopback.check(address, family)) return isLoopbackAllowed;
  if (version === 4) return !refused4.check(address, family);
  return global6.check(address, family) && !refused6.check(address, family);
}

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/**
 * The `lookup` of a connection: it resolves the name once and gives only what it has checked, so the address that is
 * connected to is the one that was looked at, whatever the name says a moment later. One bad address refuses the name:
 * a receiver that resolves to a private address as well is not honest.
 */
export function guardedLookup(isLoopbackAllowed: boolean, resolve: Resolve = resolveBySystem): LookupFunction {
  const lookUp = callbackify(async (hostname: string) => {
    const addresses = await resolve(hostname);
    const isGood = addresses.every(({ address }) => isAllowedAddress(address, isLoopbackAllowed));
    if (!isGood) throw new AddressRefused('The name leads to an address outside of the internet.');
    return addresses;
  });
  return (hostname, { all }, callback) => {
    lookUp(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error ?? !first) callback(error ?? new AddressRefused('The name leads nowhere.'), '', 0);
      else if (all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}

/** Throws AddressRefused when the host is itself an address, which is connected to without any lookup. */
export function checkLiteralAddress(url: URL, isLoopbackAllowed: boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowedAddress(host, isLoopbackAllowed)) {
    throw new AddressRefused('The address is outside of the internet.');
  }
}
