import type { Context, Hono } from 'hono';
import { comparisonNumber, type Challenge } from '../people/challenges.ts';
import { waitingScript } from '../pages/waiting-script.ts';
import { phoneAddress } from '../phone/address.ts';
import { layouts } from './addresses.ts';
import { portalEffect } from './failures.ts';
import { arrive } from './journey.ts';
import type { Problem } from './views/form.ts';
import { challengeView, waitingView } from './views/step-views.ts';
import type { Visit, Visits } from './visit.ts';

const waitingSeconds = 3;

/** The code by SMS, and the wait for the app. */
export function challengeSteps(app: Hono, visits: Visits): void {
  const showCode = (context: Context, visit: Visit, problem: Problem | null, status: 200 | 400 | 403 = 200) => {
    const { bank, person, session, words } = visit;
    const until = untilOf(visit, bank.challenges.find(session.challengeId));
    const address = phoneAddress(session.login ?? '');
    const body = challengeView(visit, masked(person?.phone ?? ''), address, until, problem);
    return visits.show(context, visit, { title: words.challengeTitle, body, status });
  };

  for (const { addresses, fields } of Object.values(layouts)) {
    app.get(addresses.challenge, async (context) => {
      const visit = await arrive(visits, context, 'challenge');
      return visit instanceof Response ? visit : showCode(context, visit, null);
    });

    app.post(addresses.challenge, async (context) => {
      const visit = await arrive(visits, context, 'challenge');
      if (visit instanceof Response) return visit;
      const { bank, person, session, words } = visit;
      const { challengeId } = session;
      if (!person || challengeId === null) return context.redirect(visit.address('challenge'), 303);
      const form = await visits.readForm(context, visit);
      if (!form) {
        return showCode(context, visit, { name: 'form-expired', text: words.formExpired, field: null }, 403);
      }
      const effect = portalEffect(session.login);
      if (form.get('resend') !== null) {
        visits.save(visit, { challengeId: bank.challenges.start(person, 'sign-in', 'otp').id });
        return context.redirect(visit.address('challenge'), 303);
      }
      const code = form.get(fields.otp) ?? '';
      if (code.trim() === '') {
        return showCode(context, visit, { name: 'required', text: words.required, field: fields.otp }, 400);
      }
      if (effect?.at === 'challenge' && effect.outcome === 'fails') {
        return visits.leave(context, visit, 'challenge-failed');
      }
      if (bank.challenges.answer(challengeId, person, code) === 'wrong') {
        return showCode(context, visit, { name: 'wrong-code', text: words.wrongCode, field: fields.otp }, 400);
      }
      return context.redirect(visit.address('accounts'), 303);
    });

    app.get(addresses.waiting, async (context) => {
      if (context.req.query('peek') !== undefined) return context.json({ isOpen: visits.isWaiting(context) });
      const visit = await arrive(visits, context, 'waiting');
      if (visit instanceof Response) return visit;
      const { bank, person, session, words } = visit;
      const challenge = bank.challenges.find(session.challengeId);
      return visits.show(context, visit, {
        title: words.waitingTitle,
        body: waitingView(visit, {
          phone: masked(person?.phone ?? ''),
          phoneAddress: phoneAddress(session.login ?? ''),
          until: untilOf(visit, challenge),
          comparison: challenge ? comparisonNumber(challenge) : '',
        }),
        script: waitingScript,
        refreshSeconds: waitingSeconds,
      });
    });
  }
}

function untilOf({ bank }: Visit, challenge: Challenge | null): string {
  const { timeZone } = bank.scenario().bank;
  return challenge?.expiresAt.toLocaleTimeString('fr-FR', { timeZone, hour: '2-digit', minute: '2-digit' }) ?? '';
}

/** A phone number with its middle hidden, as a bank shows it to who may not be its owner. */
export function masked(phone: string): string {
  const digits = phone.replace(/\D/g, '').length;
  let seen = 0;
  return phone.replace(/\d/g, (digit) => {
    seen += 1;
    return seen <= 3 || seen > digits - 2 ? digit : '•';
  });
}
