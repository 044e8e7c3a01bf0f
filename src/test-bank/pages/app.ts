import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Bank } from '../bank.ts';
import { approveStep } from './approve.ts';
import { challengeStep } from './challenge.ts';
import { loginStep } from './login.ts';
import { visitsOf } from './visits.ts';

const bodyBytesMax = 20_000;

/** The pages on which a person authorises a consent by redirect, to be mounted at `/auth`. Needs no JavaScript. */
export function pagesApp(bank: Bank): Hono {
  const app = new Hono();
  const visits = visitsOf(bank);
  app.use(bodyLimit({ maxSize: bodyBytesMax }));
  loginStep(app, bank, visits);
  challengeStep(app, bank, visits);
  approveStep(app, bank, visits);
  return app;
}
