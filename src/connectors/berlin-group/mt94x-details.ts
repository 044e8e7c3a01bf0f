interface EntryFacts {
  readonly isDebit: boolean;
  /** The transaction type of SWIFT, `NMSC`. */
  readonly type: string;
  /** The second line of field 61, which some banks fill instead of field 86. */
  readonly supplement: string;
}

/** The facts that field 86 tells, by our names for them. */
type Fact =
  | 'endToEndId'
  | 'mandateId'
  | 'creditorId'
  | 'name'
  | 'creditorName'
  | 'debtorName'
  | 'ultimateCreditor'
  | 'ultimateDebtor'
  | 'iban'
  | 'text';

type Facts = Partial<Record<Fact, string>>;

/** Six lines of 65 characters by the standard, and more where banks stretch it. */
const charactersMax = 10_000;

/** Field 86 in the words of NextGenPSD2: structured the German or the French way, with SEPA keywords, or plain text. */
export function readMtDetails(lines: readonly string[], entry: EntryFacts): object {
  const whole = lines.join('').slice(0, charactersMax);
  const german = /^\d{3}([^A-Za-z0-9\s])(?=\d{2})/.exec(whole);
  if (german?.[1] !== undefined) {
    const [code, details] = [whole.slice(0, 3), readGerman(whole.slice(3), german[1], entry)];
    // As these banks write their code in other formats.
    return { ...details, proprietaryBankTransactionCode: `${entry.type}+${code}` };
  }
  const facts = readKeyed(whole, slashKeys);
  if (facts) return wireDetails(facts, entry, [facts.text ?? '', entry.supplement]);
  return { remittanceInformationUnstructuredArray: [...lines, entry.supplement].filter((line) => line !== '') };
}

/**
 * The structure of the German banks (DFÜ-Abkommen, appendix 3, chapter 8.2.6): business code, then a sign of the
 * bank's choice before each two-digit subfield: 00 posting text, 20-29 and 60-63 purpose, 31 account, 32-33 name.
 */
function readGerman(text: string, sign: string, entry: EntryFacts): object {
  const subfields = text
    .split(sign)
    .filter((part) => /^\d{2}/.test(part))
    .map((part): [string, string] => [part.slice(0, 2), part.slice(2)]);
  const of = (isWanted: (key: string) => boolean) =>
    subfields.filter(([key]) => isWanted(key)).map(([, value]) => value);
  const purpose = joinParts(of((key) => /^(?:2\d|6[0-3])$/.test(key)));
  const facts = readKeyed(purpose, plusKeys);
  const name = of((key) => key === '32' || key === '33').join('');
  return wireDetails({ name, iban: of((key) => key === '31').join(''), ...facts }, entry, [
    facts ? (facts.text ?? '') : purpose,
    ...of((key) => key === '00'),
  ]);
}

const purposeCharacters = 27;

/** A subfield that is full was cut wherever the limit fell; one that is not ends a line. */
function joinParts(parts: readonly string[]): string {
  return parts
    .map((part, index) => (part.length < purposeCharacters && index < parts.length - 1 ? `${part} ` : part))
    .join('');
}

interface KeyStyle {
  /** Made of our own words, never of the bank's; the keyword is its first group. */
  readonly pattern: RegExp;
  /** Null: known, so that it ends the fact before it, and of no use to us. */
  readonly facts: Readonly<Record<string, Fact | null>>;
  /** Whether a keyword must stand first, for in the middle of a free text it is a word of it. */
  readonly startsText: boolean;
}

function keyStyle(around: (keys: string) => string, facts: KeyStyle['facts'], startsText: boolean): KeyStyle {
  return { pattern: new RegExp(around(Object.keys(facts).join('|')), 'g'), facts, startsText };
}

/** SEPA keywords in the purpose of German statements: `EREF+…MREF+…SVWZ+…`. */
const plusKeys = keyStyle(
  (keys) => `(${keys})\\+`,
  {
    EREF: 'endToEndId',
    KREF: null,
    MREF: 'mandateId',
    CRED: 'creditorId',
    DEBT: null,
    COAM: null,
    OAMT: null,
    SVWZ: 'text',
    ABWA: 'ultimateDebtor',
    ABWE: 'ultimateCreditor',
    IBAN: 'iban',
    BIC: null,
  },
  false,
);

/** Keywords between slashes: those of CFONB (French banks), and those that banks of the Benelux and others write. */
const slashKeys = keyStyle(
  (keys) => `/(${keys})/`,
  {
    NPY: 'debtorName',
    NPO: 'ultimateDebtor',
    NBE: 'creditorName',
    NBU: 'ultimateCreditor',
    LCC: 'text',
    LC2: 'text',
    LIB: 'text',
    RCN: 'endToEndId',
    RUM: 'mandateId',
    ICS: 'creditorId',
    CBE: 'iban',
    CPY: null,
    IPY: null,
    IBE: null,
    REF: null,
    RET: null,
    MMO: null,
    TRTP: null,
    TRCD: null,
    PREF: null,
    ISDT: null,
    PURP: null,
    BIC: null,
    ORDP: null,
    BENM: null,
    CNTP: null,
    NAME: 'name',
    IBAN: 'iban',
    ULTC: 'ultimateCreditor',
    ULTD: 'ultimateDebtor',
    EREF: 'endToEndId',
    MARF: 'mandateId',
    CSID: 'creditorId',
    REMI: 'text',
  },
  true,
);

/** Facts behind the keywords of a style, each up to the next keyword; what stands under one fact twice is joined. */
function readKeyed(text: string, { pattern, facts: factByKey, startsText }: KeyStyle): Facts | null {
  const marks = [...text.matchAll(pattern)];
  const before = text.slice(0, marks[0]?.index).trim();
  if (marks.length === 0 || (startsText && before !== '')) return null;
  const facts: Facts = before === '' ? {} : { text: before };
  for (const [position, mark] of marks.entries()) {
    const fact = factByKey[mark[1] ?? ''];
    const value = text.slice(mark.index + mark[0].length, marks[position + 1]?.index).trim();
    if (fact && value !== '') facts[fact] = facts[fact] === undefined ? value : `${facts[fact]} ${value}`;
  }
  return facts;
}

function wireDetails(facts: Facts, { isDebit }: EntryFacts, lines: readonly string[]): object {
  const account = { iban: facts.iban };
  return {
    endToEndId: facts.endToEndId,
    mandateId: facts.mandateId,
    creditorId: facts.creditorId,
    creditorName: facts.creditorName ?? (isDebit ? facts.name : undefined),
    debtorName: facts.debtorName ?? (isDebit ? undefined : facts.name),
    ultimateCreditor: facts.ultimateCreditor,
    ultimateDebtor: facts.ultimateDebtor,
    ...(isDebit ? { creditorAccount: account } : { debtorAccount: account }),
    remittanceInformationUnstructuredArray: lines.filter((line) => line !== ''),
  };
}
