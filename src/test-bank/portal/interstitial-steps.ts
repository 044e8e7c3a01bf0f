import type { Context, Hono } from 'hono';
import { interstitials, type Interstitial } from '../scenario/portal.ts';
import { layouts } from './addresses.ts';
import { arrive, stageOf } from './journey.ts';
import type { Problem } from './views/form.ts';
import { kycView, newPasswordView, termsView } from './views/step-views.ts';
import type { Visit, Visits } from './visit.ts';

const views = { terms: termsView, kyc: kycView, 'new-password': newPasswordView } as const;
const titles = { terms: 'termsTitle', kyc: 'kycTitle', 'new-password': 'newPasswordTitle' } as const;

/** The pages that stand between the log-in and the accounts: terms, details, a new password. */
export function interstitialSteps(app: Hono, visits: Visits): void {
  const show = (context: Context, visit: Visit, name: Interstitial, problem: Problem | null, status: 200 | 400 | 403) =>
    visits.show(context, visit, { title: visit.words[titles[name]], body: views[name](visit, problem), status });

  for (const { addresses } of Object.values(layouts)) {
    for (const name of interstitials) {
      app.get(addresses[name], async (context) => {
        const visit = await arrive(visits, context, name);
        return visit instanceof Response ? visit : show(context, visit, name, null, 200);
      });

      app.post(addresses[name], async (context) => {
        const visit = await arrive(visits, context, name);
        if (visit instanceof Response) return visit;
        const { words, bank, person, session } = visit;
        const form = await visits.readForm(context, visit);
        if (!form) {
          const problem = { name: 'form-expired', text: words.formExpired, field: null };
          return show(context, visit, name, problem, 403);
        }
        const problem = name === 'new-password' ? await passwordProblem(visit, form) : unticked(visit, name, form);
        if (problem) return show(context, visit, name, problem, 400);
        if (session.login?.startsWith('error.')) {
          const passed = visits.save(visit, { passed: [...session.passed, name] });
          return context.redirect(visit.address(stageOf(passed)), 303);
        }
        if (!person) return context.redirect(visit.address(name), 303);
        if (name === 'new-password') await bank.people.changePassword(person, newPasswordIn(visit, form));
        bank.people.pass(person, name);
        if (name === 'new-password') return visits.leave(context, visit, 'password-changed');
        return context.redirect(visit.address(stageOf(visit)), 303);
      });
    }
  }
}

function unticked({ words, fields }: Visit, name: 'terms' | 'kyc', form: URLSearchParams): Problem | null {
  if (form.get(fields.confirm) === 'yes') return null;
  const text = name === 'terms' ? words.termsRequired : words.kycRequired;
  return { name: 'required', text, field: fields.confirm };
}

const newPasswordIn = ({ fields }: Visit, form: URLSearchParams) => form.get(fields.newPassword) ?? '';

/** A failure login has no password of its own to compare with, and changes none. */
async function passwordProblem(visit: Visit, form: URLSearchParams): Promise<Problem | null> {
  const { words, fields, bank, session } = visit;
  const password = newPasswordIn(visit, form);
  const isFormRight =
    bank.scenario().bank.portal.keypad === 'none' ? /^.{8,70}$/u.test(password) : /^\d{6,8}$/.test(password);
  if (!isFormRight) return { name: 'password-form', text: words.passwordForm, field: fields.newPassword };
  if (password !== form.get(fields.repeatPassword)) {
    return { name: 'passwords-differ', text: words.passwordsDiffer, field: fields.repeatPassword };
  }
  const { login } = session;
  const isSame = login !== null && !login.startsWith('error.') && (await bank.people.isPassword(login, password));
  return isSame ? { name: 'password-same', text: words.passwordSame, field: fields.newPassword } : null;
}
