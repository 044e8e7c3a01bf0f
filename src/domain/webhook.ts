/** Whether an endpoint is served. */
export const webhookStatuses = ['ENABLED', 'DISABLED'] as const;

/** Why an endpoint is not served: it was asked for, it kept failing, or it answered 410 Gone. */
export const webhookDisabledReasons = ['REQUESTED', 'KEEPS_FAILING', 'GONE'] as const;
export type WebhookDisabledReason = (typeof webhookDisabledReasons)[number];

/** Where one delivery stands; FAILED after the last attempt of the schedule. */
export const deliveryStatuses = ['PENDING', 'SUCCEEDED', 'FAILED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Why it is sent: the event happened, somebody asked for it again, or somebody tests the endpoint. */
export const deliveryKinds = ['LIVE', 'REPLAY', 'TEST'] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** How one attempt ended. */
export const attemptOutcomes = [
  'SUCCEEDED',
  'STATUS_REFUSED',
  'REDIRECT_REFUSED',
  'ADDRESS_REFUSED',
  'CONNECTION_FAILED',
  'TLS_FAILED',
  'TIMED_OUT',
] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** What one attempt found, for the log of deliveries. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  readonly statusCode: number | null;
  readonly responseMilliseconds: number;
  /** The beginning of the answer or the words of the failure; bounded. */
  readonly snippet: string | null;
  /** When the receiver asked to come back (Retry-After). */
  readonly retryAt: Date | null;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The pauses after each failed attempt: ten attempts over three days, the schedule that Standard Webhooks recommends.
 * After the last one the delivery is FAILED, and waits to be replayed.
 */
export const retryPausesMilliseconds = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/** Each pause is lengthened by up to this share of it, so that what failed together does not come back together. */
const jitterShare = 0.1;
const retryAfterMilliseconds = day;

/**
 * When the attempt after `failedAttempts` is due, or null when there is none. `random` is from 0 to 1. What the
 * receiver asked for counts where it is later, up to a day.
 */
export function nextAttemptAt(
  now: Date,
  failedAttempts: number,
  random: number,
  askedFor: Date | null = null,
): Date | null {
  const pause = retryPausesMilliseconds[failedAttempts - 1];
  if (pause === undefined) return null;
  const planned = now.getTime() + pause + Math.round(pause * jitterShare * random);
  const asked = Math.min(askedFor?.getTime() ?? 0, now.getTime() + retryAfterMilliseconds);
  return new Date(Math.max(planned, asked));
}

/** So many failures in a row open the circuit of an endpoint: nothing is sent but a probe at the end of each pause. */
export const failuresToOpenCircuit = 5;
const circuitPausesMilliseconds = [30 * second, minute, 5 * minute, 15 * minute, 30 * minute, hour] as const;
/** An endpoint that has taken nothing for so long, whatever was tried, is disabled. */
export const failingMillisecondsToDisable = 3 * day;

/** How an endpoint has fared lately. */
export interface EndpointHealth {
  readonly consecutiveFailures: number;
  /** The first failure since the last success. */
  readonly failingSince: Date | null;
  /** Until then only what a person asks for is sent; a time that has passed allows one probe. */
  readonly circuitOpenUntil: Date | null;
  /** How often the circuit has opened since the last success. */
  readonly circuitOpenings: number;
}

const healthy: EndpointHealth = {
  consecutiveFailures: 0,
  failingSince: null,
  circuitOpenUntil: null,
  circuitOpenings: 0,
};

/** The health after some attempts that ended at `now`: one success is proof of life, whatever failed beside it. */
export function healthAfter(
  before: EndpointHealth,
  now: Date,
  attempts: { readonly succeeded: number; readonly failed: number },
): EndpointHealth {
  if (attempts.succeeded > 0) return healthy;
  if (attempts.failed === 0) return before;
  const consecutiveFailures = before.consecutiveFailures + attempts.failed;
  const failing = { consecutiveFailures, failingSince: before.failingSince ?? now };
  if (consecutiveFailures < failuresToOpenCircuit) return { ...before, ...failing };
  const pause = circuitPausesMilliseconds[Math.min(before.circuitOpenings, circuitPausesMilliseconds.length - 1)];
  return {
    ...failing,
    circuitOpenUntil: new Date(now.getTime() + (pause ?? hour)),
    circuitOpenings: before.circuitOpenings + 1,
  };
}

/** True when an endpoint has failed for so long that it is disabled. */
export function keepsFailing({ failingSince }: EndpointHealth, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() >= failingMillisecondsToDisable;
}

/** How long the secret and the signing key before a rotation stay valid, beside the new ones. */
export const rotationOverlapMilliseconds = day;
