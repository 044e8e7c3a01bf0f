import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { TransactionType } from '../domain/transaction.ts';
import { dayNear } from './bank-date.ts';
import { foldText } from '../kernel/fold-text.ts';

/** What the line that a French bank prints on a statement tells. */
export interface FrenchLabel {
  readonly type: TransactionType;
  /** The other side (merchant, payee, payer), as the bank spells it. */
  readonly party: string | null;
  readonly transactedOn: CalendarDate | null;
}

interface LabelRule {
  readonly type: TransactionType;
  /** Anchored at the start and linear in the text. Groups: `day`, `month`, `year`, `party`. */
  readonly pattern: RegExp;
}

/**
 * Label grammars of the French banks, more precise ones first. The patterns see one folded line (capitals, no accents,
 * single spaces) of at most 200 characters.
 */
const rules: readonly LabelRule[] = [
  // Withdrawals stand before card payments: most of them begin with the card.
  {
    type: 'ATM',
    pattern:
      /^(?:CARTE X?\d{4} )?(?:RETRAIT|RET) (?:DAB|DISTRIBUTEUR)(?: (?<day>\d{2})[-/.]?(?<month>\d{2})(?:[-/.]?(?<year>\d{2}))?)?(?= |$)/,
  },
  {
    type: 'ATM',
    pattern: /^CARTE X?\d{4} (?<day>\d{2})\/(?<month>\d{2})(?:\/(?<year>\d{2}))? A \d{2}H\d{2} RETRAIT DAB/,
  },
  { type: 'ATM', pattern: /^CB RETRAIT DU (?<day>\d{2})\/(?<month>\d{2})/ },
  { type: 'ATM', pattern: /^RETRAIT (?:D'ESPECES|ESPECES|CB|CARTE)(?= |$)/ },
  // The month's total of a deferred-debit card: not an expense of its own.
  {
    type: 'CREDIT_CARD_PAYMENT',
    pattern: /^(?:RELEVE (?:CB|CARTE)|DEBIT MENSUEL|DEBIT CARTE BANCAIRE DIFFERE|CB \d{4} TOT DIF)(?= |$)/,
  },
  {
    type: 'CREDIT',
    pattern:
      /^(?:REMBOURST CB DU|AVOIR(?: CB| CARTE)?) ?(?<day>\d{2})\/?(?<month>\d{2})\/?(?<year>\d{2})? (?<party>.+)/,
  },
  { type: 'POINT_OF_SALE', pattern: /^FACTURE CARTE DU (?<day>\d{2})(?<month>\d{2})(?<year>\d{2}) (?<party>.+)/ },
  { type: 'POINT_OF_SALE', pattern: /^PAIEMENT (?:CB|PSC) (?<day>\d{2})(?<month>\d{2}) (?<party>.+)/ },
  { type: 'POINT_OF_SALE', pattern: /^ACHAT CB (?<party>[^.]+) (?<day>\d{2})\.(?<month>\d{2})\.(?<year>\d{2})/ },
  { type: 'POINT_OF_SALE', pattern: /^CB (?<party>.+) FACT (?<day>\d{2})(?<month>\d{2})(?<year>\d{2})(?: |$)/ },
  { type: 'POINT_OF_SALE', pattern: /^CB (?<party>[^/]+) (?<day>\d{2})\/(?<month>\d{2})(?:\/(?<year>\d{2}))?(?: |$)/ },
  {
    type: 'POINT_OF_SALE',
    pattern: /^CARTE(?: X\d{4})? (?<day>\d{2})\/(?<month>\d{2})(?:\/(?<year>\d{2}))? (?<party>.+)/,
  },
  { type: 'POINT_OF_SALE', pattern: /^(?:PAIEMENT|ACHAT) (?:CB|CARTE) (?<party>.+)/ },
  {
    type: 'POTENTIAL_TRANSFER',
    pattern: /^VIR (?:SEPA|INST|INSTANTANE)? ?RECU(?: \d{1,20})? ?(?:\/DE|DE ?:|DE) (?<party>[^/:]+)/,
  },
  { type: 'REPEATING_PAYMENT', pattern: /^VIR(?:EMENT)?[ .]PERM(?:ANENT)?(?: POUR ?:)? (?<party>[^:]+)/ },
  {
    type: 'POTENTIAL_TRANSFER',
    pattern:
      /^(?:VIREMENT|VIRT|VIR)[ .]{1,2}(?:SEPA |INST(?:ANTANE)? |EUROPEEN )?(?:RE |EMIS |FAVEUR TIERS |RECU )?(?:VERS |POUR ?: ?|DE )?(?<party>[^/:]+)/,
  },
  {
    type: 'DIRECT_DEBIT',
    pattern:
      /^(?:PRLV|PRELV|PRELEV|PRELEVEMENT|PE)(?: EUROPEEN)?(?: \d{4,20})?(?: SEPA)? (?:DE ?:? ?)?(?<party>[^/:]+)/,
  },
  { type: 'CHECK', pattern: /^(?:CHEQUE|CHQ|REMISE (?:DE )?(?:CHEQUES?|CHQ))(?=[ .]|$)/ },
  { type: 'DEPOSIT', pattern: /^(?:VERSEMENT|DEPOT) (?:D'ESPECES|ESPECES)/ },
  { type: 'REPEATING_PAYMENT', pattern: /^(?:ECH(?:EANCE)? ?PRET|REMBOURSEMENT PRET)/ },
  { type: 'INTEREST', pattern: /^(?:INTERETS|INT CREDITEURS|CAPITALISATION DES INTERETS|AGIOS)(?= |$)/ },
  {
    type: 'BANK_FEE',
    pattern: /^(?:\* ?)?(?:COTIS(?:ATION)?|F COTIS|FRAIS|COMMISSIONS?|ANN CARTE|ABON(?:NEMENT)?)(?=[ .]|$)/,
  },
  { type: 'ELECTRONIC_PAYMENT', pattern: /^(?:TIP|TELEREGLEMENT)(?: SEPA)? (?<party>.+)/ },
];

/** Where the party ends and the bank's own words begin. */
const tails = [
  ' CARTE ',
  ' CB*',
  ' ECH/',
  ' ID EMETTEUR',
  ' MDT/',
  ' REF:',
  ' REF/',
  ' MOTIF',
  ' LIB/',
  ' ID:',
  ' PAYWEB',
];

/**
 * Reads a statement line by the grammars of French banks; null when none of them fits. `bookedOn` gives the year to days
 * that are printed without one.
 */
export function readFrenchLabel(line: string, bookedOn: CalendarDate | null): FrenchLabel | null {
  const text = line.slice(0, 200);
  const folded = foldText(text);
  for (const rule of rules) {
    const match = rule.pattern.exec(folded);
    if (!match) continue;
    const { day, month, year, party } = match.groups ?? {};
    const end = match[0].length;
    return {
      type: rule.type,
      // Folding keeps lengths for French texts; where it does not, the folded spelling is given instead.
      party: party === undefined ? null : partyOf(party, folded.length === text.length ? text : folded, folded, end),
      transactedOn: bookedOn && day !== undefined && month !== undefined ? dayNear(bookedOn, day, month, year) : null,
    };
  }
  return null;
}

function partyOf(party: string, spelled: string, folded: string, searchEnd: number): string | null {
  const start = folded.lastIndexOf(party, searchEnd);
  // With the character after it: many of the bank's own words are known by the slash or colon behind them.
  const withNext = folded.slice(start, start + party.length + 1);
  let end = party.length;
  for (const tail of tails) {
    const at = withNext.indexOf(tail);
    if (at > 0 && at < end) end = at;
  }
  const found = spelled.slice(start, start + end).trim();
  return found === '' ? null : found;
}
