/** What is sealed for the house begins with the id of its key: the length in one byte, then the id. */
export function withKeyId(id: string, envelope: Uint8Array): Uint8Array {
  const name = Buffer.from(id);
  return Buffer.concat([Buffer.of(name.length), name, envelope]);
}

/** The id of the key that sealed it, and the rest. */
export function sealingKeyId(sealed: Uint8Array): { id: string; envelope: Uint8Array } {
  const end = 1 + (sealed[0] ?? 0);
  return { id: Buffer.from(sealed.subarray(1, end)).toString(), envelope: sealed.subarray(end) };
}
