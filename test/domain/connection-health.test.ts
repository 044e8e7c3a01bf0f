import { describe, expect, it } from 'vitest';
import {
  healthFailure,
  healthStatus,
  nextStepOf,
  staleSince,
  type HealthFacts,
} from '../../src/domain/connection-health.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { FailureCode } from '../../src/domain/failure-catalogue.ts';

const now = new Date('2026-03-02T12:00:00Z');
const hoursAgo = (count: number) => new Date(now.getTime() - count * 3_600_000);
const well: HealthFacts = {
  status: 'ACTIVE',
  lastSyncStatus: 'SUCCESS',
  failure: null,
  lastSyncedAt: hoursAgo(1),
  createdAt: hoursAgo(1000),
  isAnyChannelReadable: true,
  isProviderEnabled: true,
  isPersonNeeded: false,
  openChallenge: null,
  isRedirectAwaited: false,
  isConsentExpiring: false,
  isMappingRequired: false,
};
const failed = (code: FailureCode) => new Failure(code).toRecord();

describe('the health of a connection', () => {
  it.each([
    ['HEALTHY', {}],
    ['HEALTHY', { isConsentExpiring: true }],
    ['DEGRADED', { lastSyncedAt: hoursAgo(31) }],
    ['DEGRADED', { failure: failed('BANK_UNAVAILABLE') }],
    ['DEGRADED', { isProviderEnabled: false }],
    ['DEGRADED', { status: 'ACTION_REQUIRED' }],
    ['BROKEN', { status: 'ACTION_REQUIRED', isAnyChannelReadable: false }],
    ['BROKEN', { status: 'CLOSED' }],
    ['UNKNOWN', { status: 'AUTHORIZING', lastSyncedAt: null }],
    ['UNKNOWN', { lastSyncedAt: null }],
  ] as const)('is %s for %o', (status, over) => {
    expect(healthStatus({ ...well, ...over }, now)).toBe(status);
  });

  it('is stale from 30 hours after the last success, and from the beginning without one', () => {
    expect(staleSince({ ...well, lastSyncedAt: hoursAgo(29.9) }, now)).toBe(null);
    expect(staleSince({ ...well, lastSyncedAt: hoursAgo(40) }, now)).toEqual(hoursAgo(10));
    expect(staleSince({ ...well, lastSyncedAt: null }, now)).toEqual(well.createdAt);
  });

  it('tells what stands in the way before what soon will', () => {
    const both = { ...well, isConsentExpiring: true, isProviderEnabled: false };
    expect(healthFailure(well, now)).toBe(null);
    expect(healthFailure({ ...both, failure: failed('BANK_ERROR') }, now)?.code).toBe('BANK_ERROR');
    expect(healthFailure(both, now)?.code).toBe('CONNECTOR_DISABLED');
    expect(healthFailure({ ...both, isProviderEnabled: true }, now)?.code).toBe('CONSENT_EXPIRING');
  });

  it('tells first what the bank waits for from the person', () => {
    const asked = {
      ...well,
      failure: failed('CONSENT_EXPIRED'),
      openChallenge: { kind: 'CHOICE', url: null } as const,
    };
    expect(healthFailure(asked, now)?.code).toBe('SCA_REQUIRED');
    const linking = { ...well, status: 'AUTHORIZING', isRedirectAwaited: true } as const;
    expect(healthFailure(linking, now)?.code).toBe('SCA_REDIRECT_REQUIRED');
    expect(healthFailure({ ...linking, failure: failed('CONSENT_REJECTED') }, now)?.code).toBe('CONSENT_REJECTED');
  });

  it('sends for the person once the data of a bank that answers nobody else is stale', () => {
    const alone = { ...well, isPersonNeeded: true };
    expect(healthFailure(alone, now)).toBe(null);
    const failure = healthFailure({ ...alone, lastSyncedAt: hoursAgo(31) }, now);
    expect(failure?.code).toBe('SYNC_PERSON_REQUIRED');
    const asked = { authorizationUrl: null, websiteUrl: null, openChallenge: null, isSyncPlanned: false };
    expect(nextStepOf(failure, asked)).toMatchObject({ actor: 'USER', mutation: 'connectionSync' });
  });
});

describe('the way out', () => {
  const ways = {
    authorizationUrl: null,
    websiteUrl: 'https://bank.example',
    openChallenge: null,
    isSyncPlanned: true,
  };
  it.each([
    ['CONSENT_EXPIRED', {}, { actor: 'USER', mutation: 'consentRenew', url: null }],
    ['CONSENT_EXPIRED', { authorizationUrl: 'https://sca' }, { actor: 'USER', mutation: null, url: 'https://sca' }],
    ['SCA_TIMEOUT', {}, { actor: 'USER', mutation: 'consentRenew', url: null }],
    ['CREDENTIALS_INVALID', {}, { actor: 'USER', mutation: 'connectionUpdateCredentials', url: null }],
    [
      'PASSWORD_CHANGE_REQUIRED',
      {},
      { action: 'ACT_AT_BANK', mutation: 'connectionUpdateCredentials', url: 'https://bank.example' },
    ],
    ['SCA_OTP_REQUIRED', {}, { actor: 'USER', mutation: 'connectionSync', url: null }],
    ['SCA_OTP_REQUIRED', { openChallenge: { kind: 'OTP', url: null } }, { mutation: 'challengeAnswer', url: null }],
    ['SCA_REQUIRED', { openChallenge: { kind: 'CHOICE', url: null } }, { mutation: 'challengeAnswer', url: null }],
    [
      'BANK_USER_ACTION_REQUIRED',
      { openChallenge: { kind: 'ACT_AT_BANK', url: 'https://terms' } },
      { action: 'ACT_AT_BANK', mutation: null, url: 'https://terms' },
    ],
    [
      'SCA_REDIRECT_REQUIRED',
      { openChallenge: { kind: 'REDIRECT', url: 'https://sca' } },
      { action: 'RECONNECT', mutation: null, url: 'https://sca' },
    ],
    ['BANK_USER_ACTION_REQUIRED', {}, { actor: 'USER', mutation: null, url: 'https://bank.example' }],
    ['SYNC_BUDGET_EXHAUSTED', {}, { actor: 'NONE', mutation: null, url: null }],
    ['BANK_UNAVAILABLE', {}, { action: 'RETRY_LATER', mutation: null }],
    ['BANK_UNAVAILABLE', { isSyncPlanned: false }, { action: 'RETRY_LATER', mutation: 'connectionSync' }],
    ['CONNECTOR_BUG', {}, { actor: 'OPERATOR', mutation: null, url: null }],
  ] as const)('of %s, %o', (code, over, step) => {
    expect(nextStepOf(failed(code), { ...ways, ...over })).toMatchObject(step);
  });

  it('is none where nothing is to be done', () => {
    expect(nextStepOf(null, ways)).toBe(null);
    expect(nextStepOf(failed('SYNC_CANCELLED'), ways)).toBe(null);
  });
});
