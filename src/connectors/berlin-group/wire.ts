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

const wireLinks = z
  .object({
    scaRedirect: link,
    startAuthorisation: link,
    startAuthorisationWithPsuIdentification: link,
    next: link,
  })
  .optional()
  .catch(undefined);

export const wireConsentCreated = z.object({ consentId: z.string().min(1).max(500), _links: wireLinks });

export const wireAuthorisationCreated = z.object({ _links: wireLinks });

export const wireConsentStatus = z.object({ consentStatus: z.string().max(100) });

export const wireConsent = z.object({
  validUntil: text,
  frequencyPerDay: z.coerce.number().int().min(1).optional().catch(undefined),
});

export const wireAccounts = z.object({ accounts: z.array(z.unknown()) });

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

/** A page of transactions; some banks leave out the wrapper, or put the links beside it. */
export const wireTransactions = z
  .object({ transactions: wireReport.optional(), booked: list, pending: list, _links: wireLinks })
  .transform((page) => ({
    booked: page.transactions?.booked ?? page.booked ?? [],
    pending: page.transactions?.pending ?? page.pending ?? [],
    next: page.transactions?._links?.next ?? page._links?.next ?? null,
    isReport: page.transactions !== undefined || page.booked !== undefined || page.pending !== undefined,
  }));

export const wireTransaction = z.object({
  transactionId: text,
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
  transactionAmount: amount,
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
