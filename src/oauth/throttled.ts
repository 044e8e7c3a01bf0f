import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../kernel/clock.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';

/** How many whole seconds the caller must wait, at least one (RFC 9110, 10.2.3). */
export function retryAfterSeconds(failure: Failure, clock: Clock): number {
  const milliseconds = (failure.retryAt?.getTime() ?? 0) - clock.now().getTime();
  return Math.max(1, Math.ceil(milliseconds / millisecondsPerSecond));
}

/** Answers RATE_LIMITED with 429 and Retry-After (RFC 6585, section 4); any other error is passed on. */
export function refuseThrottled(ctx: KoaContextWithOIDC, { clock }: { readonly clock: Clock }, error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'RATE_LIMITED') throw error;
  const seconds = retryAfterSeconds(error, clock);
  ctx.set('Retry-After', String(seconds));
  const description = `too many failed logins; try again in ${seconds} s`;
  const refusal = new errors.CustomOIDCProviderError('temporarily_unavailable', description);
  throw Object.assign(refusal, { status: 429, statusCode: 429 });
}
