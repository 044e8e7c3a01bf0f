import type { Hono } from 'hono';
import type { Bank } from '../bank.ts';
import { approve, grantOf, reject } from '../consents/authorise.ts';
import { questionOf } from './approval.ts';
import { approveView } from './views.ts';
import type { Visits } from './visits.ts';

/** Step 3: field `decision` (approve or refuse) and, where accounts are chosen, `account` once for each. */
export function approveStep(app: Hono, bank: Bank, visits: Visits): void {
  app.get('/authorisations/:id/approve', (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const { person, progress, words } = visit;
    if (!progress.isAuthenticated || !person || progress.login === null) return context.redirect(visit.address, 303);
    const question = questionOf(bank, visit.consent, person, progress.login, words);
    return visits.show(
      context,
      visit,
      words.approveTitle,
      approveView(visits.form(visit, 'approve', null), question),
      null,
    );
  });

  app.post('/authorisations/:id/approve', async (context) => {
    const visit = visits.open(context);
    if (!visit) return visits.gone(context);
    const { consent, authorisation, person, progress, words } = visit;
    const { login } = progress;
    if (!progress.isAuthenticated || !person || login === null) return context.redirect(visit.address, 303);
    const fields = await visits.readForm(context, visit);
    const decision = fields?.get('decision');
    if (decision === 'refuse') return visits.leave(context, visit, reject(bank, consent, authorisation));
    const question = questionOf(bank, consent, person, login, words);
    const grant = grantOf(bank, consent, person, login, fields?.getAll('account') ?? []);
    const isEmptyChoice = question.isChoice && question.accounts.length > 0 && grant.accounts.length === 0;
    if (decision === 'approve' && !isEmptyChoice) {
      return visits.leave(context, visit, approve(bank, consent, authorisation, person, login, grant));
    }
    const problem = decision === 'approve' ? words.chooseOne : words.expiredForm;
    const body = approveView(visits.form(visit, 'approve', problem), question);
    return visits.show(context, visit, words.approveTitle, body, problem);
  });
}
