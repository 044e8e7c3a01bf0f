import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import { reject } from '../consents/authorise.ts';
import { phoneTexts } from '../phone/texts.ts';
import { phoneScreen } from '../phone/view.ts';
import { waitingScript } from './waiting-script.ts';
import { challengeView, waitingView } from './views.ts';
import type { Visit, Visits } from './visits.ts';

const waitingSeconds = 3;

/** Step 2, where the person has a challenge: field `otp` for a code, or a wait for the app. */
export function challengeStep(app: Hono, bank: Bank, visits: Visits): void {
  /** The answer when the challenge is no longer open, else null. */
  const settle = (context: Context, visit: Visit): Response | null => {
    if (visit.progress.challengeId === null) {
      return context.redirect(visit.progress.isAuthenticated ? `${visit.address}/approve` : visit.address, 303);
    }
    const status = bank.challenges.status(visit.progress.challengeId);
    if (status === 'open') return null;
    if (status !== 'passed') return visits.leave(context, visit, reject(bank, visit.consent, visit.authorisation));
    visits.save(visit, { isAuthenticated: true, challengeId: null });
    return context.redirect(`${visit.address}/approve`, 303);
  };
  const show = (context: Context, visit: Visit, problem: string | null) => {
    const { words, progress } = visit;
    const phone = { number: visit.person?.phone ?? '', address: `${visit.address}/phone` };
    if (bank.challenges.find(progress.challengeId)?.kind === 'app') {
      const body = waitingView(words, phone, `${visit.address}/challenge`);
      return visits.show(context, visit, words.waitingTitle, body, null, {
        script: waitingScript,
        refreshSeconds: waitingSeconds,
      });
    }
    const body = challengeView(visits.form(visit, 'challenge', problem), phone);
    return visits.show(context, visit, words.challengeTitle, body, problem);
  };

  app.get('/authorisations/:id/challenge', (context) => {
    const visit = visits.open(context);
    if (context.req.query('peek') !== undefined) {
      return context.json({ isOpen: visit !== null && bank.challenges.status(visit.progress.challengeId) === 'open' });
    }
    if (!visit) return visits.gone(context);
    return settle(context, visit) ?? show(context, visit, null);
  });

  app.post('/authorisations/:id/challenge', async (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const settled = settle(context, visit);
    if (settled) return settled;
    const { person, progress, words } = visit;
    if (!person || progress.challengeId === null) return context.redirect(visit.address, 303);
    const fields = await visits.readForm(context, visit);
    if (!fields) return show(context, visit, words.expiredForm);
    const answer = bank.challenges.answer(progress.challengeId, person, fields.get('otp') ?? '');
    return answer === 'wrong'
      ? show(context, visit, words.wrongCode)
      : (settle(context, visit) ?? context.redirect(visit.address, 303));
  });

  app.get('/authorisations/:id/phone', (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const { person, progress, language } = visit;
    const words = phoneTexts[language];
    const messages = person ? bank.challenges.sentTo(person.id) : [];
    const phone = { bank, owner: person?.name ?? '', number: person?.phone ?? '', messages };
    const body = html`<h1>${words.title}</h1>
      ${phoneScreen(words, phone, progress.login ?? '')}`;
    return visits.show(context, visit, words.title, body, null);
  });
}
