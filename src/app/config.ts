import { resolve } from 'node:path';
import { z } from 'zod';
import { howToMakeAKey, parseKeyRing } from '../vault/key-ring.ts';
import { doorSettings, doorsOf } from './door-settings.ts';
import type { KeySettings } from './key-settings.ts';
import { logLevels, type LogLevel } from './log.ts';

/** What the operator decides, parsed once at the start. */
export interface Config {
  readonly environment: 'sandbox' | 'production';
  /** Null: an embedded PostgreSQL under the data directory. Holds a password. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDirectory: string;
  /** Holds a password. */
  readonly redisUrl: string | null;
  /** How browsers reach this installation, without a slash at the end; null: the address it listens on. */
  readonly publicUrl: string | null;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly testBankPort: number;
  /** Absolute paths of PEM files; null: HTTP without TLS. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Absolute path of a PEM file with the authorities of client certificates; null: clients are not asked for one. */
  readonly tlsClientAuthorities: string | null;
  /** How many reverse proxies of ours stand in front, each adding to X-Forwarded-For. */
  readonly trustedProxyCount: number;
  /** The header in which such a proxy hands on a client's certificate (RFC 9440), in lower case; null: none does. */
  readonly clientCertificateHeader: string | null;
  /** Where the key-encryption keys are; in a sandbox that names none, a key file in the data directory. */
  readonly keys: KeySettings;
  /** Which web pages may call the API from a browser. */
  readonly allowedOrigins: '*' | readonly string[];
  /** Whether the schema may be read through the API. */
  readonly isIntrospectable: boolean;
  /** Requests that a client, and each of its users, may send in a minute; null: any number. */
  readonly requestsPerMinute: { readonly client: number; readonly user: number } | null;
  /** Subscriptions that a client, and each of its users, may have open at one gateway; null: any number. */
  readonly subscriptionsMax: { readonly client: number; readonly user: number } | null;
  /** Absolute path of the JSON file that says who we are to banks; null: the sandbox's own identity, or none. */
  readonly bankIdentitiesFile: string | null;
  /** Absolute path of the scenario file; null: the one that comes with the program. */
  readonly testBankScenario: string | null;
  /** The log of events forgets what is older. */
  readonly eventRetentionDays: number;
  readonly logLevel: LogLevel;
}

/** Every setting that is wrong, each with its name and what is allowed, in a text for a terminal. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function port(byDefault: number) {
  const message = 'must be a port from 0 to 65535; 0 picks a free one';
  return z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .refine((number) => number <= 65_535, message)
    .default(byDefault);
}

/** Messages never show the value: it may hold a password. */
function url(protocols: readonly string[], message: string) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message)
    .optional();
}

const keys = z.string().transform((text, context) => {
  try {
    parseKeyRing(text);
    return text;
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not a list of keys' });
    return z.NEVER;
  }
});

const settings = z
  .object({
    TRIBUTARY_ENV: z.enum(['sandbox', 'production'], 'must be sandbox or production').default('sandbox'),
    DATABASE_URL: url(['postgres:', 'postgresql:'], 'must be like postgres://user:password@host:5432/database'),
    TRIBUTARY_DATA_DIR: z.string().default('.tributary'),
    REDIS_URL: url(['redis:', 'rediss:'], 'must be like redis://host:6379'),
    PUBLIC_URL: url(['http:', 'https:'], 'must be an address of the web like https://bank-data.example.com')
      .refine(
        (text) => text === undefined || !/[?#@]/.test(text),
        'must have neither a query, a fragment nor a password',
      )
      .refine(
        (text) => text === undefined || !URL.canParse(text) || new URL(text).pathname === '/',
        'must have no path: give Tributary a host of its own',
      ),
    HOST: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an IP address to listen on, like 127.0.0.1 or 0.0.0.0')
      .default('127.0.0.1'),
    PORT: port(4000),
    TEST_BANK_PORT: port(4001),
    TLS_CERTIFICATE: z.string().optional(),
    TLS_KEY: z.string().optional(),
    TLS_CLIENT_CA: z.string().optional(),
    TRUSTED_PROXIES: z
      .string()
      .regex(/^\d$/, 'must be the number of reverse proxies in front, from 0 to 9')
      .transform(Number)
      .default(0),
    CLIENT_CERTIFICATE_HEADER: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header, like Client-Cert')
      .transform((name) => name.toLowerCase())
      .optional(),
    TRIBUTARY_KEYS: keys.optional(),
    TRIBUTARY_KEYS_FILE: z.string().optional(),
    TRIBUTARY_KEYS_COMMAND: z.string().optional(),
    ...doorSettings,
    BANK_IDENTITIES_FILE: z.string().optional(),
    TEST_BANK_SCENARIO: z.string().optional(),
    EVENT_RETENTION_DAYS: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a number of days from 31 on')
      .transform(Number)
      .refine((days) => days >= 31, 'must be a number of days from 31 on')
      .default(400),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  })
  .check(({ value, issues }) => {
    if (value.PORT === value.TEST_BANK_PORT && value.PORT !== 0) {
      issues.push({ code: 'custom', path: ['TEST_BANK_PORT'], message: 'must differ from PORT', input: undefined });
    }
    const culprit = (name: string, message: string) =>
      issues.push({ code: 'custom', path: [name], message, input: undefined });
    if (!value.TLS_CERTIFICATE && value.TLS_KEY) culprit('TLS_CERTIFICATE', 'is needed with TLS_KEY');
    if (!value.TLS_KEY && value.TLS_CERTIFICATE) culprit('TLS_KEY', 'is needed with TLS_CERTIFICATE');
    if (value.CLIENT_CERTIFICATE_HEADER && value.TRUSTED_PROXIES === 0) {
      culprit('CLIENT_CERTIFICATE_HEADER', 'needs a proxy that sets it: TRUSTED_PROXIES must be 1 or more');
    }
    if (value.TLS_CLIENT_CA && !value.TLS_CERTIFICATE && !value.CLIENT_CERTIFICATE_HEADER) {
      culprit('TLS_CLIENT_CA', 'needs TLS_CERTIFICATE and TLS_KEY, or CLIENT_CERTIFICATE_HEADER');
    }
  });

/** Separate from the rest, so that it is told together with what else is wrong. */
function missingKeys(env: Environment): string[] {
  const given = keySettings.filter((name) => env[name]);
  if (given.length > 1) return [`${given.join(', ')}: name the keys by one of these only.`];
  if (env['TRIBUTARY_ENV'] !== 'production' || given.length === 1) return [];
  return [`TRIBUTARY_KEYS: needed in production, and its keys must be backed up. This makes one: ${howToMakeAKey}`];
}

const keySettings = ['TRIBUTARY_KEYS', 'TRIBUTARY_KEYS_FILE', 'TRIBUTARY_KEYS_COMMAND'] as const;

function keySettingsOf(data: z.infer<typeof settings>): KeySettings {
  if (data.TRIBUTARY_KEYS) return { kind: 'text', text: data.TRIBUTARY_KEYS };
  if (data.TRIBUTARY_KEYS_COMMAND) return { kind: 'command', command: data.TRIBUTARY_KEYS_COMMAND };
  if (data.TRIBUTARY_KEYS_FILE) return { kind: 'file', path: resolve(data.TRIBUTARY_KEYS_FILE), isMade: false };
  return { kind: 'file', path: resolve(data.TRIBUTARY_DATA_DIR, 'keys'), isMade: true };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from the environment; an empty value is an absent one. Throws a ConfigError that lists every
 * culprit at once and shows no value.
 */
export function readConfig(env: Environment = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = settings.safeParse(present);
  const culprits = [
    ...missingKeys(present),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  ];
  if (!parsed.success || culprits.length > 0) {
    throw new ConfigError(
      `Tributary cannot start with these settings:\n${culprits.map((line) => `  ${line}\n`).join('')}`,
    );
  }
  const { data } = parsed;
  return {
    environment: data.TRIBUTARY_ENV,
    databaseUrl: data.DATABASE_URL ?? null,
    dataDirectory: resolve(data.TRIBUTARY_DATA_DIR),
    redisUrl: data.REDIS_URL ?? null,
    publicUrl: data.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    host: data.HOST,
    port: data.PORT,
    testBankPort: data.TEST_BANK_PORT,
    tls:
      data.TLS_CERTIFICATE && data.TLS_KEY
        ? { certificate: resolve(data.TLS_CERTIFICATE), key: resolve(data.TLS_KEY) }
        : null,
    tlsClientAuthorities: data.TLS_CLIENT_CA ? resolve(data.TLS_CLIENT_CA) : null,
    trustedProxyCount: data.TRUSTED_PROXIES,
    clientCertificateHeader: data.CLIENT_CERTIFICATE_HEADER ?? null,
    keys: keySettingsOf(data),
    ...doorsOf(data),
    bankIdentitiesFile: data.BANK_IDENTITIES_FILE ? resolve(data.BANK_IDENTITIES_FILE) : null,
    testBankScenario: data.TEST_BANK_SCENARIO ? resolve(data.TEST_BANK_SCENARIO) : null,
    eventRetentionDays: data.EVENT_RETENTION_DAYS,
    logLevel: data.LOG_LEVEL,
  };
}
