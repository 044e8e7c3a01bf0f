/**
 * Draws that depend on a key alone, never on what was asked before: the same seed, account, rule and occurrence give
 * the same values whenever and in whatever order they are asked for.
 */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The finish of MurmurHash3: without it, keys that differ in the last character stay neighbours.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number from 0 (included) to 1 (excluded). */
export function drawUnit(key: string): number {
  return hash32(key) / 4_294_967_296;
}

/** A whole number from 0 to `count - 1`. */
export function drawIndex(key: string, count: number): number {
  return Math.floor(drawUnit(key) * count);
}

/** A whole number of minor units, both ends included. */
export function drawBetween(key: string, min: bigint, max: bigint): bigint {
  const wide = (BigInt(hash32(key)) << 32n) | BigInt(hash32(key, 0x2545f491));
  return min + ((max - min + 1n) * wide) / 18_446_744_073_709_551_616n;
}

/** Hexadecimal text of `length` characters, at most 32. */
export function drawHex(key: string, length: number): string {
  let hex = '';
  for (let part = 0; hex.length < length; part += 1) hex += hash32(`${part}|${key}`).toString(16).padStart(8, '0');
  return hex.slice(0, length);
}

/** Decimal digits. */
export function drawDigits(key: string, length: number): string {
  let digits = '';
  for (let part = 0; digits.length < length; part += 1) digits += String(hash32(`${part}|${key}`) % 10);
  return digits;
}

/** A UUID's form with drawn content: an id that is the same on every machine. */
export function drawUuid(key: string): string {
  const hex = drawHex(key, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
