import { z } from 'zod';

/**
 * What we read of NextGenPSD2 1.3.x answers. Everything that a bank leaves out, mistypes or adds is forgiven here: a
 * wrong optional field counts as absent, so that one bad field never costs the entry and one bad entry never the page.
 */
const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

const list = z.array(z.unknown()).optional().catch(undefined);

const link = z
  .union([z.string(), z.object({ href: z.string() }).transform((value) => value.href)])
  .optional()
  .catch(undefined);

const amount = z
  .object({ amount: z.union([z.string(), z.number()]).optional().catch(undefined), currency: text })
  .optional()
  .catch(undefined);

const linesMax = 50;

/** Remittance information is a text, an object with a reference, or a list of either, depending on version and bank. */
function linesOf(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value.slice(0, linesMax) : [value];
  return items.flatMap((item) => {
    if (typeof item === 'string') return [item];
    if (typeof item === 'number') return [String(item)];
    if (typeof item !== 'object' || item === null) return [];
    return [valueAt(item, 'reference'), valueAt(item, 'content'), valueAt(item, 'unstructured')].filter(
      (line) => typeof line === 'string',
    );
  });
}

function valueAt(item: object, key: string): unknown {
  return Object.hasOwn(item, key) ? Reflect.get(item, key) : undefined;
}

const lines = z.unknown().optional().transform(linesOf);

const accountReference = z
  .object({
    iban: text,
    bban: text,
    pan: text,
    maskedPan: text,
    other: z
      .union([z.string(), z.object({ identification: z.string() }).transform((value) => value.identification)])
      .optional()
      .catch(undefined),
  })
  .optional()
  .catch(undefined);

/** The links by which an authorisation goes on; a bank gives those of the next step only. */
const linkNames = [
  'scaRedirect',
  'scaOAuth',
  'scaStatus',
  'confirmation',
  'startAuthorisation',
  'startAuthorisationWithPsuIdentification',
  'startAuthorisationWithPsuAuthentication',
  'updatePsuIdentification',
  'updatePsuAuthentication',
  'selectAuthenticationMethod',
  'authoriseTransaction',
  'next',
] as const;
export type LinkName = (typeof linkNames)[number];

const noLinks: Readonly<Partial<Record<LinkName, string>>> = {};

/** The addresses of the links that we know, by their names. */
const wireLinks = z
  .record(z.string(), z.unknown())
  .optional()
  .catch(undefined)
  .transform((given): typeof noLinks =>
    Object.fromEntries(
      linkNames.flatMap((name) => {
        const href = given && link.parse(valueAt(given, name));
        return href === undefined ? [] : [[name, href]];
      }),
    ),
  );

const scaMethod = z.object({
  authenticationMethodId: z.string().min(1).max(200),
  authenticationType: text,
  name: text,
  explanation: text,
});

const wireChallenge = z.object({
  data: lines,
  additionalInformation: text,
  /** Where the standard's own names are, version 1.1 of UniCredit has misspelt ones. */
  otpMaxLength: z.coerce.number().int().min(1).max(100).optional().catch(undefined),
  optMaxLength: z.coerce.number().int().min(1).max(100).optional().catch(undefined),
  otpFormat: text,
  optFormat: text,
});

/** Where an authorisation stands (Implementation Guidelines 1.3.x, 7): part of many answers about consents. */
export const wireAuthorisation = z.object({
  scaStatus: text,
  scaMethods: list.transform((methods) =>
    (methods ?? []).slice(0, 50).flatMap((one) => scaMethod.safeParse(one).data ?? []),
  ),
  chosenScaMethod: scaMethod.optional().catch(undefined),
  challengeData: wireChallenge.optional().catch(undefined),
  psuMessage: text,
  _links: wireLinks,
});
export type WireAuthorisation = z.infer<typeof wireAuthorisation>;
export type WireScaMethod = z.infer<typeof scaMethod>;

export const wireConsentCreated = wireAuthorisation.extend({
  consentId: z.string().min(1).max(500),
  consentStatus: text,
});

export const wireConsentStatus = z.object({ consentStatus: z.string().max(100) });

export const wireConsent = z.object({
  validUntil: text,
  frequencyPerDay: z.coerce.number().int().min(1).optional().catch(undefined),
});

const accountList = z.array(z.unknown());

/** One of the two lists; some banks name the list of cards as they name that of accounts. */
export const wireAccounts = z
  .union([z.object({ accounts: accountList }), z.object({ cardAccounts: accountList })])
  .transform((body) => ('accounts' in body ? body.accounts : body.cardAccounts));

export const wireAccount = z.object({
  resourceId: text,
  iban: text,
  bban: text,
  pan: text,
  maskedPan: text,
  msisdn: text,
  other: accountReference.unwrap().unwrap().shape.other,
  bic: text,
  currency: text,
  name: text,
  displayName: text,
  product: text,
  cashAccountType: text,
  status: text,
  usage: text,
  debitAccounting: z.boolean().optional().catch(undefined),
  /** Where the list was asked for with balances. */
  balances: list,
  ownerName: text,
  ownerNames: z
    .array(z.object({ name: z.string() }))
    .optional()
    .catch(undefined),
});
export type WireAccount = z.infer<typeof wireAccount>;

export const wireBalances = z.object({ balances: z.array(z.unknown()) });

export const wireBalance = z.object({
  balanceAmount: amount,
  balanceType: z.string().min(1).max(200),
  referenceDate: text,
  lastChangeDateTime: text,
});

const wireReport = z.object({ booked: list, pending: list, _links: wireLinks });

/** One answer of a report, in whatever format it came: entries that are still to be read one by one. */
export interface ReportPage {
  readonly booked: readonly unknown[];
  readonly pending: readonly unknown[];
  /** The link to the next page. */
  readonly next: string | null;
  /** False for an answer that is something else than a report. */
  readonly isReport: boolean;
}

/** A page of transactions; some banks leave out the wrapper, or put the links beside it. */
export const wireTransactions = z
  .object({
    transactions: wireReport.optional(),
    cardTransactions: wireReport.optional(),
    booked: list,
    pending: list,
    _links: wireLinks,
  })
  .transform(({ transactions, cardTransactions, ...page }): ReportPage => {
    const report = transactions ?? cardTransactions ?? page;
    return {
      booked: report.booked ?? page.booked ?? [],
      pending: report.pending ?? page.pending ?? [],
      next: report._links.next ?? page._links.next ?? null,
      isReport: report !== page || page.booked !== undefined || page.pending !== undefined,
    };
  });

const exchange = z.object({
  exchangeRate: text,
  unitCurrency: text,
  sourceCurrency: text,
  targetCurrency: text,
  instructedAmount: amount,
});

const exchangesMax = 10;

/** A list by the standard, an object where banks have but one. */
const exchanges = z
  .unknown()
  .optional()
  .transform((value) =>
    (Array.isArray(value) ? value.slice(0, exchangesMax) : [value]).flatMap(
      (one) => exchange.safeParse(one).data ?? [],
    ),
  );

export const wireTransaction = z.object({
  transactionId: text,
  cardTransactionId: text,
  entryReference: text,
  endToEndId: text,
  mandateId: text,
  checkId: text,
  creditorId: text,
  bookingDate: text,
  bookingDateTime: text,
  valueDate: text,
  valueDateTime: text,
  transactionDate: text,
  acceptorTransactionDateTime: text,
  transactionAmount: amount,
  originalAmount: amount,
  currencyExchange: exchanges,
  creditDebitIndicator: text,
  creditorName: text,
  ultimateCreditor: text,
  creditorAccount: accountReference,
  debtorName: text,
  ultimateDebtor: text,
  debtorAccount: accountReference,
  cardAcceptorName: text,
  merchantCategoryCode: text,
  remittanceInformationUnstructured: lines,
  remittanceInformationUnstructuredArray: lines,
  remittanceInformationStructured: lines,
  remittanceInformationStructuredArray: lines,
  additionalInformation: text,
  transactionDetails: text,
  bankTransactionCode: text,
  proprietaryBankTransactionCode: text,
});
export type WireTransaction = z.infer<typeof wireTransaction>;

const code = z.string().max(100).optional().catch(undefined);

/** An error's codes, from `tppMessages` or from problem+json (RFC 7807), in the bank's order. */
export const wireErrorCodes = z
  .object({
    tppMessages: z.array(z.object({ code })).optional().catch(undefined),
    code,
    additionalErrors: z.array(z.object({ code })).optional().catch(undefined),
  })
  .transform((body) =>
    [...(body.tppMessages ?? []), { code: body.code }, ...(body.additionalErrors ?? [])].flatMap((message) =>
      message.code !== undefined && /^[A-Z][A-Z0-9_]*$/.test(message.code) ? [message.code] : [],
    ),
  );
