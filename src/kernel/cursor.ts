/**
 * An opaque cursor is the base64url of `kind:part:part…`. The kind keeps a cursor of one list from being used in
 * another; nothing in it is secret and nothing in it is trusted: whoever reads it scopes the query again.
 */
export function encodeCursor(kind: string, parts: readonly string[]): string {
  return btoa([kind, ...parts].join(':'))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
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
