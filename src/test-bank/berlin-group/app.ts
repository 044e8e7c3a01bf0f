import { Hono, type Context } from 'hono';
import type { Bank } from '../bank.ts';
import { transportFaults } from '../faults/transport.ts';
import { Refusal } from '../refusal.ts';
import { accountRoutes } from './account-routes.ts';
import { authorisationRoutes } from './authorisation-routes.ts';
import { consentRoutes } from './consent-routes.ts';
import { errorResponse } from './error-body.ts';
import { requireRequestId } from './headers.ts';
import { berlinGroupPath } from './links.ts';
import { offeredMethods } from './offered-methods.ts';
import { letIn, type Door } from './require-token.ts';

/** The NextGenPSD2 1.3.x face (AIS), to be mounted at `/berlin-group/v1`. */
export function berlinGroupApp(bank: Bank, door: Door, originOf: (context: Context) => string): Hono {
  const app = new Hono();
  const fail = (context: Context, refusal: Refusal) =>
    errorResponse(refusal, bank.scenario().bank.switches.errors, context.req.path, bank.clock.now());
  app.use(async (context, next) => {
    await next();
    const id = context.req.header('x-request-id');
    if (id !== undefined) context.header('X-Request-ID', id);
  });
  // Before the faults, so that a call that is wrong in itself uses up none of them.
  app.use(async (context, next) => {
    requireRequestId(context);
    await next();
  });
  app.use(transportFaults(bank));
  app.use(async (context, next) => {
    await letIn(bank, door, context);
    await next();
  });
  consentRoutes(app, bank, originOf);
  authorisationRoutes(app, bank, originOf);
  accountRoutes(app, bank, 'accounts', originOf);
  accountRoutes(app, bank, 'card-accounts', originOf);
  const methodsAt = offeredMethods(app);
  // A route, for a mounted app has no say in what is not found.
  app.all('*', (context) => {
    const { method, path } = context.req;
    const methods = methodsAt(path.slice(berlinGroupPath.length));
    if (methods.length === 0) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'This bank has no such address.');
    const answer = fail(
      context,
      new Refusal(405, 'SERVICE_INVALID', `This bank does not offer ${method} at this address.`),
    );
    answer.headers.set('allow', methods.join(', '));
    return answer;
  });
  app.onError((error, context) => {
    if (error instanceof Refusal) return fail(context, error);
    bank.log.error({ err: error, path: context.req.path }, 'The test bank failed.');
    return fail(context, new Refusal(500, 'INTERNAL_SERVER_ERROR', 'An internal error occurred.'));
  });
  return app;
}
