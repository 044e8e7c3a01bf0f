import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { specialIpv4Networks } from '../kernel/special-addresses.ts';

/** How far the calls for a provider's entry may reach. */
export type BankNetworks = 'internet' | 'internet-and-loopback' | 'any';

/** A bank led us to an address that is none of the open internet. */
export class BankAddressRefused extends Error {
  override readonly name = 'BankAddressRefused';
}

/** Asks the system, or a test's own table. */
export type ResolveBank = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

// Of IPv6 only 2000::/3 is the open internet, less what tunnels or documents.
const internet6 = new BlockList();
internet6.addSubnet('2000::', 3, 'ipv6');
const special = new BlockList();
for (const [network, prefix] of specialIpv4Networks) special.addSubnet(network, prefix, 'ipv4');
special.addSubnet('2001::', 23, 'ipv6');
special.addSubnet('2001:db8::', 32, 'ipv6');
special.addSubnet('2002::', 16, 'ipv6');
special.addSubnet('3fff::', 20, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');

// No public name ends so (RFC 6762, RFC 8375, ICANN's reservation of .internal); nor has one a single label.
const privateName = /(?:^|\.)(?:internal|local|home\.arpa|localdomain)\.?$/;
const loopbackName = /(?:^|\.)localhost\.?$/;

/**
 * What the operator's own entry allows. A bank of the internet never leads us to a machine in our network, by a link, a
 * redirect or its name servers; an entry that itself names this machine (a TLS proxy, a test bank) or our network may.
 */
export function networksOf(endpointUrl: string | URL): BankNetworks {
  const host = hostOf(new URL(endpointUrl));
  if (isIP(host) !== 0) {
    if (isLoopback(host)) return 'internet-and-loopback';
    return isInternet(host) ? 'internet' : 'any';
  }
  if (loopbackName.test(host)) return 'internet-and-loopback';
  return privateName.test(host) || !host.replace(/\.$/, '').includes('.') ? 'any' : 'internet';
}

/** Throws BankAddressRefused for a host that is itself an address, which is connected to without a look-up. */
export function checkBankAddress(url: URL, networks: BankNetworks): void {
  const host = hostOf(url);
  if (isIP(host) !== 0 && !isWithin(host, networks))
    throw new BankAddressRefused('The address is not of the internet.');
}

const resolveBySystem: ResolveBank = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/**
 * The `lookup` of a connection: the address that is connected to is the one that was looked at, whatever the name says a
 * moment later. One bad address refuses the name.
 */
export function bankLookup(networks: BankNetworks, resolve: ResolveBank = resolveBySystem): LookupFunction {
  const lookUp = callbackify(async (hostname: string) => {
    const addresses = await resolve(hostname);
    if (addresses.every(({ address }) => isWithin(address, networks))) return addresses;
    throw new BankAddressRefused('The name leads to an address that is not of the internet.');
  });
  return (hostname, { all }, callback) => {
    lookUp(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error ?? !first) callback(error ?? new BankAddressRefused('The name leads nowhere.'), '', 0);
      else if (all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}

function isWithin(address: string, networks: BankNetworks): boolean {
  return networks === 'any' || isInternet(address) || (networks === 'internet-and-loopback' && isLoopback(address));
}

function isInternet(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4') && !isLoopback(address);
  // An IPv4 address in the clothes of IPv6 is not of 2000::/3; BlockList would take it for what it maps.
  return !address.startsWith('::') && internet6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && loopback.check(address, 'ipv4'));
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
