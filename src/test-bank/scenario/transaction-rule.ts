import { z } from 'zod';
import { amountOrRangeSchema, dateSchema, foreignCurrencySchema, idSchema } from './values.ts';

/** What a movement is, in the words of a statement; faces turn it into their own codes. */
export const movementKinds = [
  'card',
  'withdrawal',
  'transfer-in',
  'transfer-out',
  'direct-debit',
  'loan-payment',
  'card-settlement',
  'fee',
  'interest',
  'cheque',
  'refund',
  'other',
] as const;
export type MovementKind = (typeof movementKinds)[number];

const spanFields = {
  from: dateSchema.optional().describe('First day; the epoch when absent.'),
  until: dateSchema.optional().describe('Last day, included; open-ended when absent.'),
};

const everySchema = z.strictObject({ days: z.int().min(1).max(3660), ...spanFields });

const monthlySchema = z.strictObject({
  day: z
    .union([z.int().min(1).max(31), z.enum(['last', 'last-working'])], {
      error: 'a day of the month (1 to 31), "last" or "last-working"',
    })
    .describe('A day after the end of a short month means its last day.'),
  months: z.int().min(1).max(120).default(1).describe('Every so many months.'),
  roll: z.enum(['none', 'next-working']).default('none').describe('Whether a week-end moves it to the Monday.'),
  ...spanFields,
});

const pendingSchema = z.strictObject({
  days: z.int().min(1).max(30).describe('Days between the first sight and the booking.'),
  outcome: z
    .enum(['books', 'changes-amount', 'vanishes', 'returns-under-another-id'])
    .default('books')
    .describe('What becomes of the pending entry.'),
  bookedAmount: amountOrRangeSchema.optional().describe('The final amount, for changes-amount.'),
});

const merchantSchema = z.strictObject({
  name: z.string().min(1).max(70),
  city: z.string().max(35).default(''),
  categoryCode: z
    .string()
    .regex(/^\d{4}$/, 'an ISO 18245 merchant category code of four digits')
    .optional(),
});

const counterpartySchema = z.strictObject({
  name: z.string().min(1).max(70),
  iban: z.string().optional(),
  creditorId: z.string().max(35).optional(),
  mandateId: z.string().max(35).optional(),
});

const foreignSchema = z.strictObject({
  currency: foreignCurrencySchema,
  rate: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,6})?$/, 'a rate such as "1.81", in quotes')
    .refine((rate) => /[1-9]/.test(rate), 'a rate above zero')
    .describe('Units of the foreign currency for one of the account.'),
});

/** A transaction or a family of them: exactly one of `on`, `every`, `monthly` says when. */
export const transactionRuleSchema = z.strictObject({
  id: idSchema
    .optional()
    .describe('Keeps the drawn values when the order of the list changes; the position when absent.'),
  on: dateSchema.optional(),
  every: everySchema.optional(),
  monthly: monthlySchema.optional(),
  kind: z.enum(movementKinds).default('other'),
  amount: amountOrRangeSchema.describe('Debits are negative. A range is drawn by seed.'),
  text: z
    .string()
    .min(1)
    .max(500)
    .describe(
      'The bank text. {merchant} {city} {counterparty} {ddmmyy} {ddmm} {dd/mm/yy} {dd/mm} {month} {n} are filled in.',
    ),
  merchants: z.array(merchantSchema).min(1).max(200).optional().describe('One is drawn by seed for each transaction.'),
  counterparty: counterpartySchema.optional(),
  foreign: foreignSchema
    .optional()
    .describe('Paid in another currency: "amount" is what the account pays, the foreign amount follows by the rate.'),
  probability: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('The chance that an occurrence takes place, drawn by seed.'),
  jitterDays: z.int().min(0).max(27).default(0).describe('Up to so many days later, drawn by seed.'),
  times: z.int().min(1).max(1000).default(1).describe('How many transactions each occurrence makes.'),
  valueDays: z.int().min(-10).max(10).default(0).describe('Value date minus booking date.'),
  lateDays: z
    .int()
    .min(0)
    .max(400)
    .default(0)
    .describe('Entered so many days after its date: it is in no report before, and then dated back.'),
  pending: pendingSchema.optional(),
});

export type TransactionRule = z.output<typeof transactionRuleSchema>;
export type Merchant = z.output<typeof merchantSchema>;
export type Counterparty = z.output<typeof counterpartySchema>;
