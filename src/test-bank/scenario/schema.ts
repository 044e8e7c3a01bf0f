import { z } from 'zod';
import { timelineFaultSchema } from './fault.ts';
import { personPortalSchema, portalSchema } from './portal.ts';
import { profileNames } from './profiles.ts';
import { scaApproaches } from './sca-approach.ts';
import { switchesSchema } from './switches.ts';
import { thirdPartiesSchema } from './third-party.ts';
import { transactionRuleSchema } from './transaction-rule.ts';
import { amountSchema, currencySchema, dateSchema, idSchema, instantSchema } from './values.ts';

const bankSchema = z.strictObject({
  name: z.string().min(1).max(70),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'an ISO 3166 code in capitals, such as FR')
    .default('FR'),
  bic: z
    .string()
    .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, 'a BIC of 8 or 11 capitals and digits')
    .default('AFFLFRPPXXX'),
  timeZone: z
    .string()
    .refine(
      (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
      'an IANA zone, such as Europe/Paris',
    )
    .default('Europe/Paris'),
  profile: z
    .enum(profileNames)
    .optional()
    .describe('A bundle of habits of one kind of bank; what the file says itself overrides it.'),
  dialect: z.enum(['berlin-group']).default('berlin-group').describe('The protocol that the bank prefers.'),
  scaApproach: z
    .enum(scaApproaches)
    .default('redirect')
    .describe(
      'How the bank lets a person authorise a consent of the Berlin Group face. Decoupled: in the app on the simulated phone. Embedded: password and code are given by the third party.',
    ),
  consentValidityDays: z.int().min(1).max(3660).default(180).describe('The longest consent that the bank grants.'),
  historyDays: z.int().min(1).max(36_600).default(730).describe('How far back transactions are shown.'),
  pageSize: z.int().min(1).max(5000).default(100),
  unattendedCallsPerDay: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(4)
    .describe('Calls without the person, per day in the bank’s zone.'),
  authorisationSeconds: z.int().min(10).max(86_400).default(600).describe('How long a person may take to authorise.'),
  portal: portalSchema,
  accessTokenSeconds: z.int().min(10).max(86_400).default(900).describe('How long an access token of OAuth2 lives.'),
  switches: switchesSchema,
});

const challengeSchema = z.strictObject({
  kind: z
    .enum(['none', 'otp', 'app'])
    .describe('otp: a code shown on the simulated phone. app: approved in the app on that phone.'),
  answer: z
    .string()
    .regex(/^\d{4,8}$/, 'a code of 4 to 8 digits, in quotes')
    .optional()
    .describe('The code; drawn by seed for each challenge when absent.'),
  timeoutSeconds: z.int().min(1).max(3600).default(300),
  attempts: z.int().min(1).max(10).default(3).describe('Wrong answers after which the authorisation fails.'),
  methods: z
    .array(z.enum(['sms', 'chip', 'app']))
    .max(3)
    .optional()
    .describe(
      'Embedded approach and portal: the methods that this person may choose among. As "kind" says when absent: none, sms or app.',
    ),
});

const personSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(70),
  login: z.string().min(1).max(70),
  password: z.string().min(1).max(70),
  phone: z.string().max(30).default('+33 6 12 34 56 78'),
  challenge: challengeSchema.prefault({ kind: 'none' }),
  portal: personPortalSchema,
});

export const accountTypes = ['checking', 'savings', 'card', 'loan', 'life-insurance', 'securities'] as const;

const accountSchema = z.strictObject({
  id: idSchema,
  owners: z.array(idSchema).min(1).max(10).describe('Ids of people; the first is the holder.'),
  type: z.enum(accountTypes),
  name: z.string().min(1).max(70),
  product: z.string().max(35).optional(),
  usage: z.enum(['private', 'professional']).default('private'),
  currency: currencySchema,
  iban: z.string().optional().describe('Drawn by seed when absent.'),
  maskedPan: z
    .string()
    .regex(/^[0-9X*]{12,19}$/, 'a masked card number such as 497401XXXXXX4321')
    .optional()
    .describe('For cards; drawn by seed when absent.'),
  openingBalance: amountSchema.describe('What the account holds before its first transaction.'),
  creditLimit: amountSchema.optional(),
  opensOn: dateSchema.optional().describe('The day on which the account appears; from the epoch when absent.'),
  closesOn: dateSchema.optional().describe('The first day on which the account is no longer shown.'),
  deferredDebit: z
    .strictObject({
      account: idSchema.describe('The account that pays the card.'),
      day: z
        .union([z.int().min(1).max(31), z.enum(['last', 'last-working'])], {
          error: 'a day of the month (1 to 31), "last" or "last-working"',
        })
        .default('last-working'),
      text: z.string().min(1).max(140).default('DEBIT MENSUEL CARTE'),
    })
    .optional(),
  transactions: z.array(transactionRuleSchema).max(2000).default([]),
});

/** The scenario file: one bank, its people, their accounts and what happens to them. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  seed: z.string().min(1).max(70).describe('Everything that is drawn depends on this word alone.'),
  epoch: dateSchema.describe('The first day of the story. Nothing happens before it.'),
  bank: bankSchema,
  thirdParties: thirdPartiesSchema,
  people: z.array(personSchema).min(1).max(1000),
  accounts: z.array(accountSchema).max(5000).default([]),
  faults: z.array(timelineFaultSchema).max(1000).default([]),
  revocations: z
    .array(
      z.strictObject({
        at: instantSchema,
        login: z.string().min(1).max(70).optional().describe('Whose consents; those of all people when absent.'),
      }),
    )
    .max(1000)
    .default([])
    .describe('When people end, at the bank, the consents that they have authorised before.'),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type Person = Scenario['people'][number];
export type ScenarioAccount = Scenario['accounts'][number];
export type BankProfile = Scenario['bank'];
export type AccountType = (typeof accountTypes)[number];
