import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/app/config.ts';
import { generateKey } from '../../src/vault/key-ring.ts';

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String(error);
  }
  throw new Error('The settings were accepted.');
}

test('nothing set is a sandbox on 127.0.0.1', () => {
  expect(readConfig({})).toEqual({
    environment: 'sandbox',
    eventRetentionDays: 400,
    subscriptionsMax: null,
    databaseUrl: null,
    dataDirectory: resolve('.tributary'),
    redisUrl: null,
    publicUrl: null,
    host: '127.0.0.1',
    port: 4000,
    testBankPort: 4001,
    tls: null,
    tlsClientAuthorities: null,
    trustedProxyCount: 0,
    clientCertificateHeader: null,
    keys: { kind: 'file', path: resolve('.tributary/keys'), isMade: true },
    allowedOrigins: '*',
    isIntrospectable: true,
    requestsPerMinute: null,
    bankIdentitiesFile: null,
    testBankScenario: null,
    logLevel: 'info',
  });
});

test('an empty value is an absent one', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', TRIBUTARY_KEYS: '' })).toEqual(readConfig({}));
});

test('reads what is set', () => {
  const keys = generateKey('k2');
  const config = readConfig({
    TRIBUTARY_ENV: 'production',
    TRIBUTARY_KEYS: keys,
    DATABASE_URL: 'postgres://me:secret@db:5432/tributary',
    PUBLIC_URL: 'https://bank-data.example.com/',
    HOST: '0.0.0.0',
    PORT: '0',
    TEST_BANK_PORT: '0',
    LOG_LEVEL: 'debug',
  });
  expect(config).toMatchObject({
    environment: 'production',
    databaseUrl: 'postgres://me:secret@db:5432/tributary',
    publicUrl: 'https://bank-data.example.com',
    host: '0.0.0.0',
    port: 0,
    testBankPort: 0,
    logLevel: 'debug',
  });
  expect(config.keys).toEqual({ kind: 'text', text: keys });
  expect(config).toMatchObject({
    allowedOrigins: [],
    isIntrospectable: false,
    requestsPerMinute: { client: 60_000, user: 600 },
  });
});

test('a bad value stops the start with every culprit and shows no secret', () => {
  const text = refusal({
    TRIBUTARY_ENV: 'prod',
    DATABASE_URL: 'mysql://me:hunter2@db/tributary',
    REDIS_URL: 'hunter2',
    PUBLIC_URL: 'https://me:hunter2@example.com',
    HOST: 'a b',
    PORT: '70000',
    TEST_BANK_PORT: '4e3',
    TRIBUTARY_KEYS: 'k1:hunter2',
    EVENT_RETENTION_DAYS: '30',
    LOG_LEVEL: 'loud',
  });
  expect(text).not.toContain('hunter2');
  expect(text).toMatchInlineSnapshot(`
    "ConfigError: Tributary cannot start with these settings:
      TRIBUTARY_ENV: must be sandbox or production
      DATABASE_URL: must be like postgres://user:password@host:5432/database
      REDIS_URL: must be like redis://host:6379
      PUBLIC_URL: must have neither a query, a fragment nor a password
      HOST: must be a host name or an IP address to listen on, like 127.0.0.1 or 0.0.0.0
      PORT: must be a port from 0 to 65535; 0 picks a free one
      TEST_BANK_PORT: must be a port from 0 to 65535; 0 picks a free one
      TRIBUTARY_KEYS: Entry 1 is not of the form id:key with a key of 32 bytes in base64url. This makes one: tributary key generate
      EVENT_RETENTION_DAYS: must be a number of days from 31 on
      LOG_LEVEL: must be one of debug, info, warn, error, silent
    "
  `);
});

test('both doors on one port are refused', () => {
  expect(refusal({ PORT: '5000', TEST_BANK_PORT: '5000' })).toContain('TEST_BANK_PORT: must differ from PORT');
});

test('production refuses to start without keys, together with what else is wrong', () => {
  const text = refusal({ TRIBUTARY_ENV: 'production', PORT: 'x' });
  expect(text).toContain('TRIBUTARY_KEYS: needed in production');
  expect(text).toContain('tributary key generate');
  expect(text).toContain('PORT: must be a port');
});
