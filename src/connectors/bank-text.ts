/** Longest text kept of one field of a bank; what is longer is cut (a hostile bank may send megabytes). */
const fieldCharactersMax = 1000;
const bankTextCharactersMax = 4000;

// Control, format (zero-width, bidirectional overrides), private-use, unassigned characters and lone surrogates.
const unprintable = /\p{C}+/gu;
const whitespace = /[\s\p{Z}]+/gu;

/** One clean line: no control characters, single spaces, bounded; empty when nothing is left. */
export function cleanLine(text: string, charactersMax = fieldCharactersMax): string {
  // Cut first: the cost is then bounded whatever the bank sent. Twice the length leaves room for what is removed.
  const bounded = text.slice(0, charactersMax * 2);
  const clean = bounded.replace(whitespace, ' ').replace(unprintable, '').trim().normalize('NFC');
  return clean.length <= charactersMax ? clean : cutAtCharacter(clean, charactersMax);
}

/** The lines of a bank's text, cleaned one by one: blank, placeholder and repeated lines dropped, joined by a newline. */
export function cleanLines(lines: readonly string[]): string {
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    for (const part of line.slice(0, bankTextCharactersMax).split(/\r\n|\r|\n/)) {
      const clean = cleanLine(part);
      if (clean === '' || isPlaceholder(clean) || kept.includes(clean)) continue;
      characters += clean.length + 1;
      if (characters > bankTextCharactersMax) return kept.join('\n');
      kept.push(clean);
    }
  }
  return kept.join('\n');
}

const placeholders = new Set([
  'NOTPROVIDED',
  'NOTAVAILABLE',
  'NONREF',
  'NONE',
  'NULL',
  'UNDEFINED',
  'UNKNOWN',
  'NA',
  'KREFNONE',
]);

/**
 * True for what banks write where they have nothing: blanks, dashes, zeros, `NOTPROVIDED`, `Not Provided`, `n/a`.
 * An id like that, taken as real, would make one transaction of many.
 */
function isPlaceholder(text: string): boolean {
  const bare = text
    .slice(0, 60)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
  return bare === '' || /^0+$/.test(bare) || placeholders.has(bare);
}

/** A bank's id or reference as an attribute, or null when it is absent, a placeholder or too long to be an id. */
export function cleanIdentifier(text: string | undefined, charactersMax = 140): string | null {
  if (text === undefined || text.length > charactersMax * 2) return null;
  const clean = cleanLine(text, charactersMax);
  return isPlaceholder(clean) ? null : clean;
}

/** A name for a person to read, or null when it is absent or a placeholder. */
export function cleanName(text: string | undefined): string | null {
  if (text === undefined) return null;
  const clean = cleanLine(text, 140);
  return isPlaceholder(clean) ? null : clean;
}

/** Cuts without leaving half of a character that takes two code units. */
function cutAtCharacter(text: string, charactersMax: number): string {
  const cut = text.slice(0, charactersMax).trimEnd();
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
