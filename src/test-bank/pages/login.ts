import type { Context, Hono } from 'hono';
import type { Bank } from '../bank.ts';
import { reject } from '../consents/authorise.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { drawDigits } from '../ledger/random.ts';
import { loginView } from './views.ts';
import { findPerson, type Visit, type Visits } from './visits.ts';

/** Step 1: fields `login` and `password`; leads to the challenge or to the approval. */
export function loginStep(app: Hono, bank: Bank, visits: Visits): void {
  const show = (context: Context, visit: Visit, problem: string | null, login = '') => {
    const body = loginView(visits.form(visit, 'login', problem), bank.scenario().people, login);
    return visits.show(context, visit, visit.words.signInTitle, body, problem);
  };

  app.get('/authorisations/:id', (context) => {
    const visit = visits.open(context);
    return visit ? show(context, visit, null) : visits.gone(context);
  });

  app.post('/authorisations/:id/login', async (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const fields = await visits.readForm(context, visit);
    if (!fields) return show(context, visit, visit.words.expiredForm);
    const login = (fields.get('login') ?? '').trim();
    const person = findPerson(bank, login);
    const effect = failureEffect(login);
    if (!person || (!effect && person.password !== fields.get('password'))) {
      return show(context, visit, visit.words.refused, login);
    }
    if (effect?.at === 'login') return show(context, visit, visit.words[effect.message], login);
    if (effect?.at === 'authorisation') {
      return visits.leave(context, visit, reject(bank, visit.consent, visit.authorisation));
    }
    const { challenge } = person;
    if (challenge.kind === 'none' || effect) {
      visits.save(visit, { login, isAuthenticated: true, challenge: null });
      return context.redirect(`${visit.address}/approve`, 303);
    }
    const code = challenge.answer ?? drawDigits(`${bank.scenario().seed}|otp|${visit.authorisation.id}`, 6);
    const expiresAt = new Date(bank.clock.now().getTime() + challenge.timeoutSeconds * 1000);
    const attemptsLeft = visit.progress.challenge?.attemptsLeft ?? challenge.attempts;
    visits.save(visit, { login, isAuthenticated: false, challenge: { code, expiresAt, attemptsLeft } });
    return context.redirect(`${visit.address}/challenge`, 303);
  });
}
