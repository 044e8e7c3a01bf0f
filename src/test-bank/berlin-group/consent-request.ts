import { z } from 'zod';
import { addDays, daysBetween, isCalendarDate, type CalendarDate } from '../../kernel/calendar-date.ts';
import { accessSchema, accountReferenceFields, type Access, type Consent } from '../consents/consent.ts';
import { Refusal } from '../refusal.ts';
import type { BankProfile } from '../scenario/schema.ts';

const bodySchema = z.looseObject({
  access: accessSchema,
  recurringIndicator: z.boolean(),
  validUntil: z.string().refine(isCalendarDate, 'must be a day, written YYYY-MM-DD'),
  frequencyPerDay: z.int().min(1),
  combinedServiceIndicator: z.boolean(),
});

type RequestedConsent = Pick<Consent, 'model' | 'access' | 'recurring' | 'frequencyPerDay' | 'validUntil'>;

/** Reads the body of POST /consents (Implementation Guidelines 6.3.1). Throws a Refusal that names the field. */
export function parseConsentRequest(body: unknown, profile: BankProfile, today: CalendarDate): RequestedConsent {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join('.') ?? '';
    throw new Refusal(400, 'FORMAT_ERROR', `${path || 'The body'}: ${issue?.message ?? 'is not valid'}`, { path });
  }
  const { access, recurringIndicator, validUntil, frequencyPerDay } = parsed.data;
  if (validUntil < today) {
    throw new Refusal(400, 'PERIOD_INVALID', 'validUntil must not be in the past.', { path: 'validUntil' });
  }
  if (!recurringIndicator && frequencyPerDay !== 1) {
    throw new Refusal(400, 'FORMAT_ERROR', 'frequencyPerDay must be 1 for a one-off consent.', {
      path: 'frequencyPerDay',
    });
  }
  const model = modelOf(access);
  if (!profile.switches.consentModels.includes(model)) {
    throw new Refusal(400, 'SERVICE_INVALID', `This bank grants no ${model} consent.`, { path: 'access' });
  }
  refuseReferences(access, profile);
  return {
    model,
    access,
    recurring: recurringIndicator,
    frequencyPerDay: Math.min(frequencyPerDay, profile.unattendedCallsPerDay),
    validUntil: granted(validUntil, profile, today),
  };
}

function modelOf(access: Access): Consent['model'] {
  const lists = [access.accounts, access.balances, access.transactions].filter((list) => list !== undefined);
  const kinds = [
    lists.length > 0,
    access.allPsd2 !== undefined,
    access.availableAccounts !== undefined || access.availableAccountsWithBalance !== undefined,
  ].filter(Boolean).length;
  if (kinds !== 1) {
    throw new Refusal(
      400,
      'FORMAT_ERROR',
      'access must name either lists of accounts, or allPsd2, or availableAccounts or availableAccountsWithBalance.',
      { path: 'access' },
    );
  }
  if (access.allPsd2) return 'global';
  if (lists.length === 0) return 'list-only';
  const isOffered = lists.every((list) => list.length === 0);
  return isOffered ? 'bank-offered' : 'detailed';
}

function refuseReferences({ accounts, balances, transactions }: Access, { switches }: BankProfile): void {
  for (const [name, list] of Object.entries({ accounts, balances, transactions })) {
    for (const [index, reference] of (list ?? []).entries()) {
      const field = accountReferenceFields.find((candidate) => reference[candidate] !== undefined);
      if (field === undefined || switches.accountReferences.includes(field)) continue;
      const path = `access.${name}[${index}].${field}`;
      const offered = switches.accountReferences.join(' or ');
      throw new Refusal(400, 'FORMAT_ERROR', `This bank knows accounts by ${offered} only.`, { path });
    }
  }
}

/** The bank grants at most its longest validity, and less where its profile says so. */
function granted(asked: CalendarDate, profile: BankProfile, today: CalendarDate): CalendarDate {
  const days = Math.min(daysBetween(today, asked), profile.consentValidityDays);
  return addDays(today, profile.switches.validUntil === 'shortened' ? Math.floor(days / 2) : days);
}
