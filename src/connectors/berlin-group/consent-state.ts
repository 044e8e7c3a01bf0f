import type { FailureCode } from '../../domain/failure-catalogue.ts';
import { Failure } from '../../domain/failure.ts';
import { dateIn, isCalendarDate } from '../../kernel/calendar-date.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession, ConsentState } from '../connector.ts';
import { callBerlinGroup, readBerlinGroup, readBody } from './client.ts';
import { readConsentSession, settledSession, type ConsentSession } from './session.ts';
import { wireConsent, wireConsentStatus } from './wire.ts';

/** States by the standard's names, in small letters without separators, for banks write them in many ways. */
const stateByStatus: Readonly<Record<string, ConsentState['status']>> = {
  received: 'PENDING',
  partiallyauthorised: 'PENDING',
  valid: 'ACTIVE',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
  revokedbypsu: 'REVOKED',
  terminatedbytpp: 'REVOKED',
  replaced: 'REVOKED',
};

/** What the end of a consent is known by, where the bank refuses to speak of it any more. */
export const endByFailure: Readonly<Partial<Record<FailureCode, 'EXPIRED' | 'REVOKED'>>> = {
  CONSENT_EXPIRED: 'EXPIRED',
  CONSENT_REVOKED_AT_BANK: 'REVOKED',
};

/** The address of a consent below the bank's base address. */
export function consentPath({ consentId }: Pick<ConsentSession, 'consentId'>): string {
  return `consents/${encodeURIComponent(consentId)}`;
}

/** Asks for the status (Implementation Guidelines 1.3.x, 6.3.4). */
export async function readStatus(
  http: BankHttp,
  call: BankCall,
  session: ConsentSession,
): Promise<ConsentState['status']> {
  const answer = await callBerlinGroup(http, call, {
    method: 'GET',
    target: `${consentPath(session)}/status`,
    resource: 'consent',
    tokens: session.tokens,
  });
  if (answer.isRefused) {
    const status = endByFailure[answer.failure.code];
    if (!status) throw answer.failure;
    // Where a token is refused, the bank does not say whether its time was over.
    return isOver(call, session) ? 'EXPIRED' : status;
  }
  const { consentStatus } = readBody(answer.body, wireConsentStatus);
  const name = consentStatus.toLowerCase().replace(/[^a-z]/g, '');
  const status = Object.hasOwn(stateByStatus, name) ? stateByStatus[name] : undefined;
  if (!status) throw new Failure('BANK_ERROR', { message: 'The bank gives a consent status that the standard lacks.' });
  return status;
}

/** What the bank made of a valid consent: it may have shortened what we asked for. */
export async function readGranted(
  http: BankHttp,
  call: BankCall,
  session: ConsentSession,
): Promise<Extract<ConsentState, { status: 'ACTIVE' }>> {
  const granted = await readBerlinGroup(
    http,
    call,
    { method: 'GET', target: consentPath(session), resource: 'consent', tokens: session.tokens },
    wireConsent,
  );
  const validUntil = isCalendarDate(granted.validUntil ?? '') ? (granted.validUntil ?? '') : session.validUntil;
  const frequencyPerDay = granted.frequencyPerDay ?? session.frequencyPerDay;
  return {
    status: 'ACTIVE',
    validUntil,
    frequencyPerDay,
    session: settledSession({ ...session, validUntil, frequencyPerDay }),
  };
}

/** Whether the consent's last day is over, at the bank. */
export function isOver({ clock, endpoint }: BankCall, { validUntil }: Pick<ConsentSession, 'validUntil'>): boolean {
  return validUntil < dateIn(endpoint.timeZone, clock.now());
}

/**
 * What the refusal of a data call means. CONSENT_INVALID stands for a revoked consent as well as for one that does not
 * cover the resource (Implementation Guidelines 1.3.x, 14.11.2), and a gateway's 401 for anything; the consent's status
 * tells which it is.
 */
export async function explainRefusal(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  refusal: { readonly codes: readonly string[]; readonly failure: Failure },
): Promise<Failure> {
  const { codes, failure } = refusal;
  const isClear = !endByFailure[failure.code] || codes.some((code) => clearCodes.has(code));
  if (isClear) return failure;
  const status = await readStatus(http, call, readConsentSession(session));
  if (status === 'EXPIRED') return new Failure('CONSENT_EXPIRED', { cause: failure });
  if (status === 'REVOKED') return new Failure('CONSENT_REVOKED_AT_BANK', { cause: failure });
  return status === 'ACTIVE' ? new Failure('CONSENT_SCOPE_INSUFFICIENT', { cause: failure }) : failure;
}

/** Codes that leave no doubt. */
const clearCodes = new Set(['CONSENT_EXPIRED', 'TOKEN_EXPIRED']);
