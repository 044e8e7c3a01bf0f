import { z } from 'zod';

/** What was asked for, in the words of NextGenPSD2; other faces translate theirs into it. */
export const consentModels = ['detailed', 'bank-offered', 'global', 'list-only'] as const;

/** By what an account can be named in a consent. */
export const accountReferenceFields = ['iban', 'maskedPan'] as const;

const referenceSchema = z.looseObject({
  iban: z.string().max(42).optional(),
  maskedPan: z.string().max(35).optional(),
  currency: z.string().max(3).optional(),
});
export type AccountReference = z.output<typeof referenceSchema>;

const scopeSchema = z.enum(['allAccounts', 'allAccountsWithOwnerName']);

export const accessSchema = z.looseObject({
  accounts: z.array(referenceSchema).max(1000).optional(),
  balances: z.array(referenceSchema).max(1000).optional(),
  transactions: z.array(referenceSchema).max(1000).optional(),
  availableAccounts: scopeSchema.optional(),
  availableAccountsWithBalance: scopeSchema.optional(),
  allPsd2: scopeSchema.optional(),
});
export type Access = z.output<typeof accessSchema>;

export const consentStatuses = ['received', 'rejected', 'valid', 'revokedByPsu', 'expired', 'terminatedByTpp'] as const;

/** What the person granted, by ids of the scenario's accounts. */
const grantSchema = z.strictObject({
  accounts: z.array(z.string()),
  balances: z.array(z.string()),
  transactions: z.array(z.string()),
});
export type Grant = z.output<typeof grantSchema>;

export const scaStatuses = [
  'received',
  'psuIdentified',
  'psuAuthenticated',
  'scaMethodSelected',
  'started',
  'unconfirmed',
  'finalised',
  'failed',
  'exempted',
] as const;

const authorisationSchema = z.strictObject({
  id: z.string(),
  startedAt: z.int(),
  scaStatus: z.enum(scaStatuses),
  /** Who is asked, where the third party said so; in the redirect approach the page finds out. */
  login: z.string().nullable().default(null),
  /** The challenge that the person has to answer, in the embedded and decoupled approaches. */
  challengeId: z.string().nullable().default(null),
  /** The authentication method that was chosen in the embedded approach. */
  methodId: z.string().nullable().default(null),
});

export const consentSchema = z.strictObject({
  id: z.string(),
  model: z.enum(consentModels),
  access: accessSchema,
  recurring: z.boolean(),
  frequencyPerDay: z.int(),
  validUntil: z.string(),
  status: z.enum(consentStatuses),
  createdAt: z.int(),
  authorisedAt: z.int().nullable(),
  /** The day of the last change of status, or of the last use. */
  lastActionOn: z.string(),
  redirectUri: z.string().nullable(),
  nokRedirectUri: z.string().nullable(),
  /** The pages lead back to our authorization server, which guards the return by PKCE, and not to the third party. */
  isReturnToOauth: z.boolean().default(false),
  /** The login that authorised it; may be a failure login. */
  login: z.string().nullable(),
  personId: z.string().nullable(),
  grant: grantSchema,
  authorisations: z.array(authorisationSchema),
  /** Unattended calls: what was counted, and when. */
  unattendedCalls: z.record(z.string(), z.array(z.int())),
  /** How many booked entries of each account a delta report has shown already. */
  deltas: z.record(z.string(), z.int()).default({}),
});

/** A permission given to a third party: the record that every face reads and that the pages let a person authorise. */
export type Consent = z.output<typeof consentSchema>;
export type Authorisation = z.output<typeof authorisationSchema>;

export const noGrant: Grant = { accounts: [], balances: [], transactions: [] };
