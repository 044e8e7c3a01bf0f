import { BlockList, isIP } from 'node:net';
import { specialIpv4Networks } from '../../kernel/special-addresses.ts';

/** Which machines a scenario file may come from: the public internet, this machine as well, or anywhere. */
export const scenarioHosts = ['public', 'public-and-loopback', 'any'] as const;
export type ScenarioHosts = (typeof scenarioHosts)[number];

/** Not reachable from the public internet, or not meant for hosts (IANA special-purpose registries, RFC 6890). */
const special: readonly (readonly [string, number])[] = [
  ...specialIpv4Networks,
  ['127.0.0.0', 8],
  ['::', 128],
  ['::1', 128],
  // Addresses that carry another address: whatever they would reach, nobody needs them here.
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const specialRanges = rangesOf(special);
const loopbackRanges = rangesOf([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

/** Whether a scenario may be fetched from this numeric address. An IPv4 address inside an IPv6 one counts as itself. */
export function mayFetchFrom(address: string, hosts: ScenarioHosts): boolean {
  if (hosts === 'any') return true;
  if (hosts === 'public-and-loopback' && contains(loopbackRanges, address)) return true;
  return !contains(specialRanges, address);
}

function rangesOf(subnets: readonly (readonly [string, number])[]): BlockList {
  const ranges = new BlockList();
  for (const [network, prefix] of subnets) ranges.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return ranges;
}

/** BlockList itself compares ::ffff:a.b.c.d with the IPv4 ranges. What is no address at all is treated as special. */
function contains(ranges: BlockList, address: string): boolean {
  const family = isIP(address);
  return family === 0 ? ranges === specialRanges : ranges.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
