import { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import { dateIn } from '../../kernel/calendar-date.ts';
import type { BankCall, BankSession } from '../connector.ts';
import { oauthPending } from '../oauth-access.ts';
import { oauthTokens } from '../oauth-access-tokens.ts';

const asked = { validUntil: z.string(), frequencyPerDay: z.int() };

/** From the request for access to the return of the browser. */
const pendingSession = z.object({
  step: z.literal('PENDING'),
  oauth: oauthPending,
  expiresAt: z.iso.datetime(),
  ...asked,
});

/** Once the person has approved. */
const activeSession = z.object({
  step: z.literal('ACTIVE'),
  tokens: oauthTokens,
  /** Of the person who approved, where the bank tells it. */
  ownerName: z.string().nullable(),
  ...asked,
});
export type ActiveSession = z.infer<typeof activeSession>;

const anySession = z.discriminatedUnion('step', [pendingSession, activeSession]);

/** The session as this connector made it. */
export function readSession(session: BankSession): z.infer<typeof anySession> {
  return anySession.parse(session);
}

/** A session that gives data. Throws CONSENT_EXPIRED once the time is over that the person agreed to. */
export function openSession(call: BankCall, session: BankSession): ActiveSession {
  const active = activeSession.parse(session);
  if (isOver(call, active)) throw new Failure('CONSENT_EXPIRED');
  return active;
}

/** Whether the last day of the consent has passed at the bank. */
export function isOver({ clock, endpoint }: BankCall, { validUntil }: Pick<ActiveSession, 'validUntil'>): boolean {
  return dateIn(endpoint.timeZone, clock.now()) > validUntil;
}
