import { z } from 'zod';

/**
 * What we read of STET answers, versions 1.4 to 1.6. Everything that a bank leaves out, mistypes or adds is forgiven
 * here: a wrong optional field counts as absent, so that one bad field never costs the entry and one bad entry never the
 * page.
 */
const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

const link = z
  .union([z.string(), z.object({ href: z.string() }).transform((value) => value.href)])
  .optional()
  .catch(undefined);

/** HAL; a link that is not filled in comes as `{}` at some banks. */
const links = z.object({ balances: link, transactions: link, next: link }).optional().catch(undefined);

const amount = z
  .object({ amount: z.union([z.string(), z.number()]).optional().catch(undefined), currency: text })
  .optional()
  .catch(undefined);

const linesMax = 50;

const line = z.union([
  z.string(),
  z.number().transform(String),
  z.object({ reference: z.string() }).transform((value) => value.reference),
]);

/** The texts of a list, or of one text in its place. */
const lines = z
  .unknown()
  .optional()
  .transform((value) => itemsOf(value).flatMap((item) => line.safeParse(item).data ?? []));

const structuredLines = z
  .object({ unstructured: lines, structured: lines })
  .transform(({ unstructured, structured }) => [...unstructured, ...structured]);

/** A list of lines (1.4), an object with such lists (1.6, Crédit Mutuel), or one plain text (Natixis). */
const remittance = z
  .unknown()
  .optional()
  .transform((value) =>
    itemsOf(value).flatMap((item) => line.safeParse(item).data ?? structuredLines.safeParse(item).data ?? []),
  );

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, linesMax) : [value];
}

const identification = z
  .object({ identification: z.string(), schemeName: text, issuer: text })
  .optional()
  .catch(undefined);

const accountIdentification = z
  .object({ iban: text, other: identification, currency: text })
  .optional()
  .catch(undefined);

const party = z
  .object({ name: text, privateId: identification, organisationId: identification })
  .optional()
  .catch(undefined);

/** A page of a list in HAL: what it lists, and the link to what comes after it. */
export interface WirePage {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

export const wireAccounts = z
  .object({ accounts: z.array(z.unknown()), _links: links })
  .transform(({ accounts, _links }): WirePage => ({ items: accounts, next: _links?.next }));

export const wireAccount = z.object({
  resourceId: text,
  bicFi: text,
  accountId: accountIdentification,
  name: text,
  details: text,
  usage: text,
  cashAccountType: text,
  product: text,
  currency: text,
  psuStatus: text,
  _links: links,
});
export type WireAccount = z.infer<typeof wireAccount>;

export const wireBalances = z.object({ balances: z.array(z.unknown()) });

export const wireBalance = z.object({
  balanceAmount: amount,
  balanceType: z.string().min(1).max(200),
  referenceDate: text,
  lastChangeDateTime: text,
});

export const wireIdentity = z.object({ connectedPsu: text });

export const wireTransactions = z
  .object({ transactions: z.array(z.unknown()), _links: links })
  .transform(({ transactions, _links }): WirePage => ({ items: transactions, next: _links?.next }));

export const wireTransaction = z.object({
  resourceId: text,
  entryReference: text,
  endToEndId: text,
  transactionAmount: amount,
  creditDebitIndicator: text,
  status: text,
  bookingDate: text,
  expectedBookingDate: text,
  valueDate: text,
  transactionDate: text,
  remittanceInformation: remittance,
  bankTransactionCode: z
    .union([
      z.string().transform((code) => ({ code })),
      z.object({ code: text, domain: text, family: text, subFamily: text }),
    ])
    .optional()
    .catch(undefined),
  relatedParties: z
    .object({
      debtor: party,
      debtorAccount: accountIdentification,
      ultimateDebtor: party,
      creditor: party,
      creditorAccount: accountIdentification,
      ultimateCreditor: party,
    })
    .optional()
    .catch(undefined),
});
export type WireTransaction = z.infer<typeof wireTransaction>;

/** An error's own words (ErrorModel): banks put a code at their head, or write nothing but one. */
export const wireError = z.object({ message: text, error: text });
