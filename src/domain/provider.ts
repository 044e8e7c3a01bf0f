import { z } from 'zod';
import { accountTypes } from './account.ts';
import { channelKinds } from './connection.ts';
import { budgetScopes, budgetWindows } from './unattended-budget.ts';

const message = (text: string) => ({ error: text });
const timeZones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);

/** HTTPS, or this machine: whatever is sent there carries consents and credentials. */
const bankAddress = z
  .url(message('must be an address such as https://api.bank.example/v1'))
  .max(2000)
  .refine((text) => {
    const { protocol, hostname, username, search, hash } = new URL(text);
    const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    return (
      username === '' && search === '' && hash === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal))
    );
  }, 'must be https, or http to this machine, without password, query and fragment');

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address of the web' }).max(2000);

const label = z.string().trim().min(1).max(100);

const credentialFieldSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'must be a name of letters, digits and underscores'),
  label: z.strictObject({ en: label, fr: label }),
  isSecret: z.boolean().default(false),
  isRequired: z.boolean().default(true),
  maxLength: z.int().min(1).max(500).default(100),
});

const channelSchema = z.strictObject({
  kind: z.enum(channelKinds),
  /** The connector that speaks to it. */
  dialect: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the name of a connector, such as berlin-group'),
  baseUrl: bankAddress,
  timeZone: z
    .string()
    .refine((zone) => timeZones.has(zone), 'must be an IANA zone, such as Europe/Paris')
    .default('Europe/Paris'),
  /** Overrides of the dialect's defaults; the connector says which there are. */
  quirks: z.record(z.string(), z.unknown()).default({}),
  accountTypes: z.array(z.enum(accountTypes)).min(1),
  /** The form of an EMBEDDED channel, in its order. */
  credentialFields: z.array(credentialFieldSchema).max(20).default([]),
  consentValidityDays: z.int().min(1).max(3660).default(180),
  unattendedCallsPerDay: z.int().min(0).max(1000).default(4),
  budgetScope: z.enum(budgetScopes).default('RESOURCE'),
  budgetWindow: z.enum(budgetWindows).default('ROLLING_DAY'),
  isConsentReplacedByBank: z.boolean().default(false),
  historyDays: z.int().min(1).max(36_500).default(90),
  isEnabled: z.boolean().default(true),
});

const providerSchema = z
  .strictObject({
    /** The operator's own stable name of the entry: loading it again changes the provider that has it. */
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be small letters, digits and dashes, such as bnp-fr'),
    name: label,
    country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code in capitals, such as FR'),
    bic: z
      .string()
      .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, 'must be a BIC of 8 or 11 characters')
      .optional(),
    groups: z.array(label).max(10).default([]),
    logoUrl: webAddress.optional(),
    websiteUrl: webAddress.optional(),
    isTest: z.boolean().default(false),
    /** Absent: as it is; a new one is offered. */
    isEnabled: z.boolean().optional(),
    channels: z.array(channelSchema).min(1).max(channelKinds.length),
  })
  .check(({ value, issues }) => {
    for (const [index, { kind, credentialFields }] of value.channels.entries()) {
      const culprit = (key: string, text: string) =>
        issues.push({ code: 'custom', path: ['channels', index, key], message: text, input: undefined });
      if (value.channels.findIndex((channel) => channel.kind === kind) < index)
        culprit('kind', 'stands twice: a provider has at most one channel of each kind');
      if (new Set(credentialFields.map(({ name }) => name)).size < credentialFields.length)
        culprit('credentialFields', 'have a name twice');
      if (kind === 'EMBEDDED' && credentialFields.length === 0)
        culprit('credentialFields', 'are needed: an EMBEDDED channel asks for credentials');
    }
  });

/** A list of providers as an operator writes it. Loading it again updates what is there; what it leaves out stays. */
export const providerListSchema = z
  .strictObject({ providers: z.array(providerSchema).min(1).max(20_000) })
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, { slug }] of value.providers.entries()) {
      if (seen.has(slug))
        issues.push({
          code: 'custom',
          path: ['providers', index, 'slug'],
          message: 'stands twice in this list',
          input: undefined,
        });
      seen.add(slug);
    }
  });

export type ProviderListing = z.output<typeof providerSchema>;
