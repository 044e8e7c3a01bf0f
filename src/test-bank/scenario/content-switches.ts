import { z } from 'zod';

/** How a bank tells accounts, balances and transactions: one switch per habit, the well-behaved value first. */
export const contentSwitches = {
  amounts: z
    .enum(['string', 'number', 'mixed', 'one-decimal'])
    .default('string')
    .describe(
      'How amounts are written. Numbers: Commerzbank, comdirect. Mixed: Santander DE. One decimal ("-20.0"): N26.',
    ),
  foreignAmounts: z
    .enum(['exchange', 'exchange-object', 'in-text', 'in-place', 'none'])
    .default('exchange')
    .describe(
      'Purchases in another currency. Exchange: currencyExchange, a list as the standard has it; cards also originalAmount. One object in its place: seen through GoCardless. In text: a line "2,80 NZD / 1 euro = 1,81": BoursoBank. In place: the foreign amount is the amount, and the text is "billingAmount: -12.3": Entercard.',
    ),
  standingOrders: z
    .enum(['none', 'shown'])
    .default('none')
    .describe('Shown: bookingStatus=information lists the standing orders, which are no transactions: N26.'),
  sign: z
    .enum(['signed', 'unsigned', 'inverted-cards', 'debit-accounting'])
    .default('signed')
    .describe(
      'Unsigned drops the minus of debits: UniCredit/HVB, ING AT, Deutsche Bank. Inverted cards: card debits are positive and nothing says so: Cetelem PT, SEB Kort. Debit accounting: the same, declared by debitAccounting.',
    ),
  ids: z
    .enum([
      'stable',
      'none',
      'duplicate',
      'placeholder',
      'changing-on-booking',
      'none-until-booked',
      'sequential',
      'malformed',
    ])
    .default('stable')
    .describe(
      'Transaction ids. None: Fiducia. Duplicate: Belfius, N26. Placeholder (NOTPROVIDED): ING RO. Changing when booked: Nationwide. None until booked: NBG. Sequential numbers that order a day: mBank, ING PL, Raiffeisen AT. Malformed (00DEBIT...) for pending: Nationwide.',
    ),
  references: z
    .enum(['shown', 'none'])
    .default('shown')
    .describe('entryReference. None: Barclays, Lloyds and other UK banks.'),
  endToEndIds: z
    .enum(['none', 'shown', 'placeholder'])
    .default('none')
    .describe('endToEndId of transfers and debits. Shown though undocumented: Rabobank. NOTPROVIDED: Commerzbank.'),
  pending: z
    .enum(['shown', 'none', 'undated', 'future-dated', 'unsigned', 'placeholder-text', 'other-case'])
    .default('shown')
    .describe(
      'Pending entries. Undated: Norwegian. Future-dated: Nationwide. Unsigned and with a prefix: NBG. Placeholder text: SSK Düsseldorf. Text in another case than when booked: ING RO.',
    ),
  dates: z
    .enum([
      'both',
      'booking-only',
      'value-only',
      'date-time',
      'none',
      'repayment-value',
      'shifting-value',
      'card-date-in-text',
    ])
    .default('both')
    .describe(
      'Which dates booked entries carry. Value date only: isybank. Date-time only (valueDateTime): ABN AMRO. None: seen at any bank. Value date is a day of repayment: Danske. Value date moves later on: Knab, ABN AMRO. Real card date in the text only: LHV, Swedbank.',
    ),
  text: z
    .enum([
      'unstructured',
      'array',
      'array-shuffled',
      'structured',
      'additional-information',
      'cut-140',
      'overlong',
      'keyword-split',
      'narrative',
      'labelled',
      'escaped',
      'semicolons',
      'dash',
      'scattered',
    ])
    .default('unstructured')
    .describe(
      'Where the remittance text is. Array: ABN AMRO, Fortuneo. Shuffled lines: BoursoBank. Structured: Abanca. Additional information: SEB, Spar Nord. Cut at 140: Commerzbank. Overlong: UniCredit. Keywords split across lines: Commerzbank. Narrative: BNP, Fintro, Hello BE. Labelled: ING DE. Escaped: Hype. Semicolons: Bankinter. Dash: N26. Scattered over fields: Sparkassen.',
    ),
  parties: z
    .enum(['shown', 'none', 'holder', 'in-text'])
    .default('shown')
    .describe(
      'Creditor and debtor. None: KBC, Virgin. Holder: no creditor on debits, the debtor is the holder: Alior. In text: ABN AMRO (NAME,PAS123).',
    ),
  codes: z
    .enum(['iso', 'proprietary', 'none'])
    .default('iso')
    .describe('bankTransactionCode. Proprietary (NDDT+005+990197): Fiducia, Hype.'),
  runningBalance: z
    .enum(['none', 'shown'])
    .default('none')
    .describe('balanceAfterTransaction on booked entries. Shown: ABN AMRO, ING PL.'),
  balances: z
    .enum([
      'booked-and-expected',
      'expected-only',
      'available-only',
      'non-standard',
      'information-only',
      'interim',
      'credit-line-included',
      'non-invoiced-cards',
    ])
    .default('booked-and-expected')
    .describe(
      'Balance types. Expected only: N26. Non-standard types: Santander DE, UniCredit. Information only: American Express. Interim: mBank. Credit line included in what is available: Norwegian. Non-invoiced cards: a card owes "expected", what is not invoiced yet is apart, the balance is nonInvoiced - expected: SEB Kort.',
    ),
  accountNumbers: z
    .enum(['iban', 'masked-pan-in-iban', 'bban', 'none', 'dashed', 'spaces'])
    .default('iban')
    .describe(
      'Numbers of payment accounts. Masked card number in the field iban: American Express. None: no number at all. Spaces: savings accounts are shared as well, without a number and with allPsd2 only: N26. Dashed IBAN: Connexis.',
    ),
  multicurrency: z
    .enum(['subaccounts', 'aggregation'])
    .default('subaccounts')
    .describe(
      'Accounts in several currencies under one IBAN. Subaccounts: each is listed. Aggregation: they are one account in XXX, with the balances and entries of all, in JSON only: multicurrencyAccountLevel of the adorsys XS2A.',
    ),
  ownerNames: z
    .enum(['as-asked', 'none'])
    .default('as-asked')
    .describe('None: allAccountsWithOwnerName is taken as allAccounts: accountOwnerInformationSupported.'),
  reportBalances: z
    .enum(['as-asked', 'always'])
    .default('as-asked')
    .describe(
      'Always: a report carries the balances that are granted without withBalance, too: transactionsWithoutBalancesSupported.',
    ),
  cards: z
    .enum(['card-accounts', 'accounts', 'none'])
    .default('card-accounts')
    .describe(
      'Where card accounts are shown: on their own list, among the accounts (as STET banks do), or not at all.',
    ),
  report: z
    .enum(['json', 'negotiated', 'camt-052', 'camt-053', 'mt940'])
    .default('json')
    .describe(
      'How booked entries are written. Negotiated: by Accept, JSON, camt.053 XML or MT940 text. camt.052 whatever is asked for: Sparkassen. MT940 text: Bank-Verlag group.',
    ),
  transactionDetails: z
    .enum(['unlinked', 'linked'])
    .default('unlinked')
    .describe('Whether entries link to their details. The resource answers in both cases.'),
};
