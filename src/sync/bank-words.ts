/**
 * Words that say how something was paid, or that it is not settled yet; they differ between a pending entry and the
 * same entry booked, so they say nothing about who was paid. French and English, without accents.
 */
const wordsOfForm = new Set(
  (
    'achat authorisation authorization autorisation carte card cb cours debit de des du en encours facture la le les ' +
    'paiement paiment payment pending prelevement prlv purchase sepa vir virement the'
  ).split(' '),
);

const separators = /[^\p{L}\p{N}]+/u;
const marks = /\p{M}+/gu;
const onlyDigits = /^\p{N}+$/u;

/** A text without accents, case, punctuation and spacing: what stays equal when a bank reformats its lines. */
export function plainText(text: string): string {
  return text.normalize('NFKD').replace(marks, '').toLowerCase().split(separators).filter(Boolean).join(' ');
}

/** The words of a text that name somebody: no numbers (dates, card digits), no words of form. */
export function namingWords(text: string): ReadonlySet<string> {
  return new Set(
    plainText(text)
      .split(' ')
      .filter((word) => word.length > 1 && !onlyDigits.test(word) && !wordsOfForm.has(word)),
  );
}

/**
 * How alike two sets of words are, 0 to 1: the share of the smaller set that the larger contains (overlap
 * coefficient), because a booked text usually is the pending one with more words around it.
 */
export function similarity(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const smaller = left.size <= right.size ? left : right;
  const larger = smaller === left ? right : left;
  if (smaller.size === 0) return 0;
  let shared = 0;
  for (const word of smaller) if (larger.has(word)) shared += 1;
  return shared / smaller.size;
}
