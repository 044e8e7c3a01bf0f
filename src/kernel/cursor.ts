/**
 * An opaque cursor is the base64url of `kind:part:part…`. The kind keeps a cursor of one list from being used in
 * another; nothing in it is secret and nothing in it is trusted: whoever reads it scopes the query again.
 */
export function encodeCursor(kind: string, parts: readonly string[]): string {
  let text = kind;
  for (const part of parts) text += `:${part}`;
  // Two are made of every event that is streamed: most need no replacing, and the length without padding is known.
  const encoded = btoa(text).slice(0, Math.ceil((text.length * 4) / 3));
  return /[+/]/.test(encoded) ? encoded.replace(/\+/g, '-').replace(/\//g, '_') : encoded;
}

/** The parts of a cursor of this kind, or null when it is not one. */
export function decodeCursor(kind: string, cursor: string): string[] | null {
  if (!/^[A-Za-z0-9_-]{1,400}$/.test(cursor)) return null;
  try {
    const [found, ...parts] = atob(cursor.replace(/-/g, '+').replace(/_/g, '/')).split(':');
    return found === kind ? parts : null;
  } catch {
    return null;
  }
}
