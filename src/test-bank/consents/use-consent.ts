import { dateIn } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import { failureEffect, type FailureEffect } from '../faults/failure-logins.ts';
import { strike, transportKinds } from '../faults/transport.ts';
import { Refusal } from '../refusal.ts';
import type { Consent } from './consent.ts';
import { afterApp } from './decoupled.ts';

export interface ConsentUse {
  readonly consent: Consent;
  /** What the login that authorised it makes go wrong with the data. */
  readonly effect: FailureEffect | null;
  /** A whole answer that takes the place of the data. */
  readonly answer: Response | null;
}

interface Call {
  readonly consentId: string | undefined;
  readonly isAttended: boolean;
  /** What the call counts as when nobody is present; null when it does not count (a further page). */
  readonly countedAs: string | null;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Checks that a consent opens the data now, and counts an unattended call. Throws Refusals of every face. */
export async function useConsent(bank: Bank, call: Call): Promise<ConsentUse> {
  if (call.consentId === undefined) {
    throw new Refusal(400, 'FORMAT_ERROR', 'The header Consent-ID is mandatory here.', { path: 'Consent-ID' });
  }
  const kept = bank.consents.find(call.consentId);
  if (!kept) throw new Refusal(401, 'CONSENT_INVALID', 'The consent is not known to this bank.');
  const found = afterApp(bank, kept);
  const effect = failureEffect(found.login);
  const consent = endedByFailure(bank, found, effect);
  if (consent.status === 'expired') throw new Refusal(401, 'CONSENT_EXPIRED', 'The consent has expired.');
  if (consent.status !== 'valid') throw new Refusal(401, 'CONSENT_INVALID', `The consent is ${consent.status}.`);
  const counted = call.isAttended || call.countedAs === null ? consent : countUnattended(bank, consent, call.countedAs);
  const fault = bank.faults.take(transportKinds, call.path, true);
  const kind = fault?.kind ?? (effect?.at === 'data' ? effect.fault : null);
  const answer = kind && (await strike(kind, fault?.retryAfterSeconds ?? 3600, call.signal));
  return { consent: counted, effect, answer };
}

function endedByFailure(bank: Bank, consent: Consent, effect: FailureEffect | null): Consent {
  if (effect?.at !== 'consent' || consent.status !== 'valid') return consent;
  if (effect.outcome === 'expired') return bank.consents.save({ ...consent, status: 'expired' });
  if (effect.outcome === 'revoked') return bank.consents.save({ ...consent, status: 'revokedByPsu' });
  return consent;
}

/** RTS 2018/389 art. 36(5): without the person, at most so many calls a day, here a day in the zone of the bank. */
function countUnattended(bank: Bank, consent: Consent, key: string): Consent {
  const now = bank.clock.now();
  const { timeZone } = bank.scenario().bank;
  const today = dateIn(timeZone, now);
  const calls = (consent.unattendedCalls[key] ?? []).filter((at) => dateIn(timeZone, new Date(at)) === today);
  if (calls.length >= consent.frequencyPerDay) {
    throw new Refusal(
      429,
      'ACCESS_EXCEEDED',
      `The consent allows ${consent.frequencyPerDay} calls a day without the person.`,
      {
        retryAfterSeconds: secondsUntilTomorrow(timeZone, now),
      },
    );
  }
  return bank.consents.save({
    ...consent,
    unattendedCalls: { ...consent.unattendedCalls, [key]: [...calls, now.getTime()] },
  });
}

/** Searched for, because a day in a zone may have 23 or 25 hours. */
function secondsUntilTomorrow(timeZone: string, now: Date): number {
  const today = dateIn(timeZone, now);
  let low = 0;
  let high = 90_000;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dateIn(timeZone, new Date(now.getTime() + middle * 1000)) === today) low = middle + 1;
    else high = middle;
  }
  return low;
}
