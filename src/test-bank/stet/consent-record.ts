import type { Context } from 'hono';
import { z } from 'zod';
import type { Bank } from '../bank.ts';
import type { Consent, Grant } from '../consents/consent.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { Refusal } from '../refusal.ts';
import type { Collection } from '../state/state.ts';

/** What the third party sent last to PUT /consents, by ids of the scenario's accounts. */
export const stetConsentSchema = z.strictObject({
  balances: z.array(z.string()),
  transactions: z.array(z.string()),
  psuIdentity: z.boolean(),
  trustedBeneficiaries: z.boolean(),
});
export type StetConsent = z.output<typeof stetConsentSchema>;
export type StetConsents = Collection<StetConsent>;

/** What the access opens now: the grant of the person, and in the mixed model no more than PUT /consents told. */
export interface StetGrant extends Grant {
  readonly psuIdentity: boolean;
  readonly trustedBeneficiaries: boolean;
}

export function stetGrant(bank: Bank, consents: StetConsents, consent: Consent): StetGrant {
  const { grant } = consent;
  if (bank.scenario().bank.switches.stetConsent === 'full-aisp') {
    return { ...grant, psuIdentity: true, trustedBeneficiaries: true };
  }
  const told = consents.get(consent.id) ?? nothing;
  const both = (granted: readonly string[], wanted: readonly string[]) => granted.filter((id) => wanted.includes(id));
  return {
    ...told,
    accounts: grant.accounts,
    balances: both(grant.balances, told.balances),
    transactions: both(grant.transactions, told.transactions),
  };
}

const nothing: StetConsent = { balances: [], transactions: [], psuIdentity: false, trustedBeneficiaries: false };

const identificationSchema = z.looseObject({
  iban: z.string().max(42).optional(),
  other: z.looseObject({ identification: z.string().max(70) }).optional(),
});
const listSchema = z.array(identificationSchema).max(1000).default([]);
const bodySchema = z.looseObject({
  balances: listSchema,
  transactions: listSchema,
  /** Of STET 1.6; this bank keeps no owners apart from the holder. */
  owners: listSchema,
  trustedBeneficiaries: z.boolean(),
  psuIdentity: z.boolean(),
});

/** Reads the body of PUT /consents. Throws a Refusal that names the field or the account. */
export async function readStetConsent(bank: Bank, context: Context, { grant }: Consent): Promise<StetConsent> {
  const parsed = bodySchema.safeParse(await readJson(context));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(
      400,
      'FORMAT_ERROR',
      `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'is not valid'}`,
    );
  }
  const { balances, transactions, owners, psuIdentity, trustedBeneficiaries } = parsed.data;
  const shared = bank.ledger().accounts.filter((account) => grant.accounts.includes(account.id));
  const idsOf = (list: z.output<typeof listSchema>) =>
    list.map(({ iban, other }) => {
      const found = shared.find((account) =>
        iban === undefined
          ? other !== undefined && maskedPanOf(bank.scenario(), account) === other.identification
          : ibanOf(bank.scenario(), account) === iban.replace(/[\s-]/g, ''),
      );
      if (!found) {
        throw new Refusal(403, 'FORBIDDEN', 'The person has not shared one of the accounts; read GET /accounts first.');
      }
      return found.id;
    });
  idsOf(owners);
  return { balances: idsOf(balances), transactions: idsOf(transactions), psuIdentity, trustedBeneficiaries };
}

async function readJson(context: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    throw new Refusal(400, 'FORMAT_ERROR', 'The body must be application/json.');
  }
  try {
    return await context.req.json();
  } catch {
    throw new Refusal(400, 'FORMAT_ERROR', 'The body is not valid JSON.');
  }
}
