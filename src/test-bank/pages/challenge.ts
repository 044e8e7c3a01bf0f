import type { Context, Hono } from 'hono';
import type { Bank } from '../bank.ts';
import { reject } from '../consents/authorise.ts';
import type { Person } from '../scenario/schema.ts';
import { challengeView, phoneView } from './views.ts';
import type { Visit, Visits } from './visits.ts';

/** Step 2, where the person has a challenge: field `otp`; the code is shown on the simulated phone. */
export function challengeStep(app: Hono, bank: Bank, visits: Visits): void {
  const show = (context: Context, visit: Visit, person: Person, problem: string | null) => {
    const body = challengeView(visits.form(visit, 'challenge', problem), person.phone, `${visit.address}/phone`);
    return visits.show(context, visit, visit.words.challengeTitle, body, problem);
  };

  app.get('/authorisations/:id/challenge', (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    if (!visit.progress.challenge || !visit.person) return context.redirect(visit.address, 303);
    return show(context, visit, visit.person, null);
  });

  app.post('/authorisations/:id/challenge', async (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const { challenge } = visit.progress;
    if (!challenge || !visit.person) return context.redirect(visit.address, 303);
    const fields = await visits.readForm(context, visit);
    if (!fields) return show(context, visit, visit.person, visit.words.expiredForm);
    const isLate = bank.clock.now() >= challenge.expiresAt;
    if (!isLate && (fields.get('otp') ?? '').replace(/\s/g, '') === challenge.code) {
      visits.save(visit, { isAuthenticated: true, challenge: null });
      return context.redirect(`${visit.address}/approve`, 303);
    }
    const attemptsLeft = challenge.attemptsLeft - 1;
    if (isLate || attemptsLeft <= 0) {
      return visits.leave(context, visit, reject(bank, visit.consent, visit.authorisation));
    }
    visits.save(visit, { challenge: { ...challenge, attemptsLeft } });
    return show(context, visit, visit.person, visit.words.wrongCode);
  });

  app.get('/authorisations/:id/phone', (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const { challenge, language } = visit.progress;
    const { timeZone, name } = bank.scenario().bank;
    const message = challenge && {
      code: challenge.code,
      until: challenge.expiresAt.toLocaleTimeString(language, { timeZone }),
    };
    return visits.show(context, visit, visit.words.phoneTitle, phoneView(visit.words, name, message), null);
  });
}
