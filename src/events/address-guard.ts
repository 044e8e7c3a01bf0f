import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isAllowedAddress, literalAddress } from '../kernel/internet-address.ts';

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
  const address = literalAddress(url);
  if (address !== null && !isAllowedAddress(address, isLoopbackAllowed)) {
    throw new AddressRefused('The address is outside of the internet.');
  }
}
