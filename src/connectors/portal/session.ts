import { z } from 'zod';
import type { BankSession } from '../connector.ts';
import { layoutNames } from './layouts.ts';

const schema = z.object({
  cookies: z.record(z.string(), z.unknown()),
  layout: z.enum(layoutNames),
  /** What the bank asked at the last log-in from a browser that it did not know. */
  secondFactor: z.enum(['NONE', 'CHOICE', 'OTP', 'APP_APPROVAL']),
  /** What the person allowed us, for the site itself knows no consents. */
  validUntil: z.string(),
  frequencyPerDay: z.int(),
});

/** What is kept of a sign-in. */
export type PortalSession = z.infer<typeof schema>;

/** The session that this connector returned. */
export function readSession(session: BankSession): PortalSession {
  return schema.parse(session);
}

/** As `readSession`; null for one that another version of this connector returned. */
export function findSession(session: BankSession | null): PortalSession | null {
  return schema.safeParse(session).data ?? null;
}
