import { z } from 'zod';
import { isCalendarDate } from '../../kernel/calendar-date.ts';
import { isCurrencyCode, isDecimal } from '../../kernel/money.ts';

/** The words that recur in a scenario; a number is allowed for an amount because YAML reads -12.50 as one. */
export const dateSchema = z
  .string()
  .refine(isCalendarDate, 'a day that exists, written YYYY-MM-DD')
  .meta({ format: 'date' });

export const instantSchema = z.iso.datetime({ offset: true, error: 'an instant such as 2026-03-01T08:00:00Z' });

export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'an id of lower-case letters, digits and dashes, at most 40 characters');

export const amountSchema = z
  .union([z.string(), z.number()], { error: 'an amount such as -12.50' })
  .refine(
    (value) => isDecimal(String(value)),
    'an amount such as -12.50: digits, at most one point, no thousands separator',
  );

const rangeSchema = z.strictObject({ min: amountSchema, max: amountSchema });

/** One amount, or a range from which the seed draws. */
export const amountOrRangeSchema = z
  .union([z.string(), z.number(), rangeSchema], { error: 'an amount such as -12.50, or { min, max }' })
  .refine(
    (value) => typeof value === 'object' || isDecimal(String(value)),
    'an amount such as -12.50, or { min, max }',
  );

export const foreignCurrencySchema = z.string().refine(isCurrencyCode, 'an ISO 4217 code in capitals, such as EUR');

export const currencySchema = foreignCurrencySchema.default('EUR');

export type AmountOrRange = z.output<typeof amountOrRangeSchema>;
