import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Bank } from '../bank.ts';
import { transportFaults } from '../faults/transport.ts';
import { Refusal } from '../refusal.ts';
import type { GuestBanks } from '../remote-scenario/guest-banks.ts';
import { accountSteps } from './account-steps.ts';
import { addressOf } from './addresses.ts';
import { challengeSteps } from './challenge.ts';
import { interstitialSteps } from './interstitial-steps.ts';
import { loginStep } from './login.ts';
import { methodStep } from './method-step.ts';
import { visitsOf } from './visit.ts';

const bodyBytesMax = 20_000;
const maintenanceSeconds = 1800;

/** The online-banking site, with addresses from `/portal` on: mount it at `/`. Needs no JavaScript. */
export function portalApp(house: Bank, guests: GuestBanks, originOf: (context: Context) => string): Hono {
  const app = new Hono();
  const visits = visitsOf(house, guests, (context) => originOf(context).startsWith('https:'));
  app.use('/portal/*', bodyLimit({ maxSize: bodyBytesMax }));
  app.use('/portal/*', async (context, next) => {
    const isClosed = house.scenario().bank.portal.maintenance || house.faults.take(['html-error'], context.req.path);
    if (!isClosed) return next();
    context.header('retry-after', String(maintenanceSeconds));
    return visits.notice(context, 'maintenance', 503);
  });
  app.use('/portal/*', transportFaults(house));
  app.get('/portal', (context) => context.redirect(addressOf(house.scenario().bank.portal.layout, 'login'), 303));
  loginStep(app, house, guests, visits);
  methodStep(app, visits);
  challengeSteps(app, visits);
  interstitialSteps(app, visits);
  accountSteps(app, visits);
  app.all('/portal/*', (context) => visits.notice(context, 'not-found', 404));
  app.onError((error, context) => {
    if (error instanceof Refusal) {
      if (error.retryAfterSeconds !== null) context.header('retry-after', String(error.retryAfterSeconds));
      if (error.status === 429) return visits.notice(context, 'busy', 429);
      return visits.notice(context, error.status === 503 ? 'unavailable' : 'error', error.status === 503 ? 503 : 500);
    }
    house.log.error({ err: error, path: context.req.path }, 'The portal of the test bank failed.');
    return visits.notice(context, 'error', 500);
  });
  return app;
}
