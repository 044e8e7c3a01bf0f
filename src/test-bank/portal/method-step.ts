import type { Context, Hono } from 'hono';
import type { Person } from '../scenario/schema.ts';
import { layouts } from './addresses.ts';
import { masked } from './challenge.ts';
import { arrive, stageOf } from './journey.ts';
import type { Problem } from './views/form.ts';
import { methodView } from './views/method-view.ts';
import type { Visit, Visits } from './visit.ts';

const offered = ['sms', 'app'] as const;

/** How a person may prove himself here; with fewer than two there is nothing to choose. No card reader reaches a portal. */
export function methodsOf({ challenge }: Person): readonly (typeof offered)[number][] {
  return offered.filter((method) => challenge.methods?.includes(method));
}

/** The choice among several ways to prove oneself. Nothing is sent before it is made. */
export function methodStep(app: Hono, visits: Visits): void {
  const show = (context: Context, visit: Visit, problem: Problem | null, status: 200 | 400 | 403 = 200) => {
    const { person, words } = visit;
    const methods = person ? methodsOf(person) : [];
    const body = methodView(visit, methods, masked(person?.phone ?? ''), problem);
    return visits.show(context, visit, { title: words.methodTitle, body, status });
  };

  for (const { addresses, fields } of Object.values(layouts)) {
    app.get(addresses.method, async (context) => {
      const visit = await arrive(visits, context, 'method');
      return visit instanceof Response ? visit : show(context, visit, null);
    });

    app.post(addresses.method, async (context) => {
      const visit = await arrive(visits, context, 'method');
      if (visit instanceof Response) return visit;
      const { bank, person, words } = visit;
      const form = await visits.readForm(context, visit);
      if (!form) {
        return show(context, visit, { name: 'form-expired', text: words.formExpired, field: null }, 403);
      }
      const method = person && methodsOf(person).find((known) => known === form.get(fields.method));
      if (!person || !method) {
        return show(context, visit, { name: 'required', text: words.methodRequired, field: fields.method }, 400);
      }
      const { id } = bank.challenges.start(person, 'sign-in', method === 'app' ? 'app' : 'otp');
      const chosen = visits.save(visit, { isChoosing: false, challengeId: id });
      return context.redirect(visit.address(stageOf(chosen)), 303);
    });
  }
}
