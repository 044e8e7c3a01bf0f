import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import type { Interstitial } from '../scenario/portal.ts';
import type { PortalPage } from './addresses.ts';
import { portalEffect } from './failures.ts';
import type { Visit, Visits } from './visit.ts';

/** Where somebody who gave the right password must go next. */
export type Stage = 'method' | 'challenge' | 'waiting' | Interstitial | 'accounts';

export const trustCookieName = 'portal_browser';
const secondsPerDay = 86_400;

/** The next page of this visit: challenge first, by the method chosen, then what must be passed once, then the accounts. */
export function stageOf({ session, bank, person }: Visit): Stage {
  const challenge = bank.challenges.find(session.challengeId);
  if (challenge) return challenge.kind === 'otp' ? 'challenge' : 'waiting';
  if (session.isChoosing) return 'method';
  const effect = portalEffect(session.login);
  const forced = effect?.at === 'interstitial' && !session.passed.includes(effect.name) ? [effect.name] : [];
  const open = person && !session.login?.startsWith('error.') ? bank.people.openInterstitials(person) : forced;
  return open[0] ?? 'accounts';
}

/** The visit, when this page is where it stands; else the answer that leads to where it does. */
export function arrive(visits: Visits, context: Context, page: PortalPage): Visit | Response | Promise<Response> {
  const visit = visits.signedIn(context);
  if (visit instanceof Response) return visit;
  if (visit.address(page, context.req.param('id')) !== context.req.path) {
    return visits.notice(context, 'not-found', 404);
  }
  const settled = settle(visits, context, visit);
  if (settled instanceof Response) return settled;
  const stage = stageOf(settled);
  const isHere = stage === page || (stage === 'accounts' && page === 'account');
  return isHere ? settled : context.redirect(settled.address(stage), 303);
}

/** Takes note of a challenge that has ended: passed, the browser is trusted for a while; else back to the log-in. */
function settle(visits: Visits, context: Context, visit: Visit): Visit | Response {
  const { challengeId, login } = visit.session;
  if (challengeId === null) return visit;
  const status = visit.bank.challenges.status(challengeId);
  switch (status) {
    case 'open':
      return visit;
    case 'passed':
      if (!login?.startsWith('error.')) trust(context, visit);
      return visits.save(visit, { challengeId: null });
    case 'refused':
      return visits.leave(context, visit, 'challenge-refused');
    case 'locked':
      return visits.leave(context, visit, 'locked');
    case 'expired':
    case 'gone':
      return visits.leave(context, visit, 'challenge-expired');
  }
}

function trust(context: Context, { bank, person }: Visit): void {
  const days = bank.scenario().bank.portal.trustedDays;
  if (!person || days === 0) return;
  setCookie(context, trustCookieName, bank.trustedBrowsers.trust(person, days), {
    path: '/portal',
    httpOnly: true,
    sameSite: 'Lax',
    secure: new URL(context.req.url).protocol === 'https:',
    maxAge: days * secondsPerDay,
  });
}
