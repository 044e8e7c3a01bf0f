import { specialIpv4Networks } from './special-addresses.ts';

// Of IPv6 only 2000::/3 is the open internet, less what tunnels, documents or maps an IPv4 address that is not checked.
const internetIpv6: Network = ['2000::', 3];
const specialIpv6: readonly Network[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
const loopback: readonly Network[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];

type Network = readonly [network: string, prefix: number];

/** True for an address of the open internet; for one of this machine only where that is allowed. */
export function isAllowedAddress(address: string, isLoopbackAllowed: boolean): boolean {
  const parsed = parseAddress(address);
  if (!parsed) return false;
  const isOf = (network: Network) => isWithin(parsed, network);
  if (loopback.some(isOf)) return isLoopbackAllowed;
  // An IPv4 address in the clothes of IPv6 is not of 2000::/3.
  return parsed.bits === 32 ? !specialIpv4Networks.some(isOf) : isOf(internetIpv6) && !specialIpv6.some(isOf);
}

/** The host of this URL where that is itself an address, which is connected to without any lookup; null for a name. */
export function literalAddress({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[|\]$/g, '');
  return parseAddress(host) && host;
}

interface ParsedAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Null for what is no address: a name, one with a zone, numbers with leading zeros. */
function parseAddress(text: string): ParsedAddress | null {
  if (ipv4.test(text)) return { bits: 32, value: joined(text.split('.'), 8, 10) };
  // An URL takes an address of IPv6 in every form and gives it in one, with hexadecimal groups alone.
  const written = `http://[${text}]`;
  if (!/^[\d:.a-f]+$/i.test(text) || !URL.canParse(written)) return null;
  const [before = [], after = []] = new URL(written).hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return { bits: 128, value: joined([...before, ...zeros, ...after], 16, 16) };
}

function joined(groups: readonly string[], bitsEach: number, radix: number): bigint {
  return groups.reduce((value, group) => (value << BigInt(bitsEach)) | BigInt(Number.parseInt(group, radix)), 0n);
}

function isWithin({ bits, value }: ParsedAddress, [network, prefix]: Network): boolean {
  const parsed = parseAddress(network);
  if (parsed?.bits !== bits) return false;
  const free = BigInt(bits - prefix);
  return value >> free === parsed.value >> free;
}
