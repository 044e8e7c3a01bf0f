import type { Context, Hono } from 'hono';
import type { Bank } from '../bank.ts';
import { reject } from '../consents/authorise.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { loginView } from './views.ts';
import type { Visit, Visits } from './visits.ts';

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

  app.get('/authorisations/:id/login', (context) => {
    const visit = visits.open(context);
    return visit ? context.redirect(visit.address, 303) : visits.gone(context);
  });

  app.post('/authorisations/:id/login', async (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const fields = await visits.readForm(context, visit);
    if (!fields) return show(context, visit, visit.words.expiredForm);
    const login = (fields.get('login') ?? '').trim();
    const checked = await bank.people.signIn(login, fields.get('password') ?? '');
    const person = bank.people.find(login);
    const effect = failureEffect(login);
    if (!person || checked !== 'accepted') {
      return show(context, visit, visit.words[checked === 'locked' ? 'locked' : 'refused'], login);
    }
    if (effect?.at === 'login') return show(context, visit, visit.words[effect.message], login);
    if (effect?.at === 'authorisation') {
      return visits.leave(context, visit, reject(bank, visit.consent, visit.authorisation));
    }
    const { kind } = person.challenge;
    if (kind === 'none' || effect) {
      visits.save(visit, { login, isAuthenticated: true, challengeId: null });
      return context.redirect(`${visit.address}/approve`, 303);
    }
    const challengeId = bank.challenges.start(person, 'consent', kind).id;
    visits.save(visit, { login, isAuthenticated: false, challengeId });
    return context.redirect(`${visit.address}/challenge`, 303);
  });
}
