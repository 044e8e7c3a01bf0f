import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { Bank } from '../bank.ts';
import { triggeredFaultSchema } from '../scenario/fault.ts';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { scenarioEndsOn } from '../scenario/check-volume.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';

const latest = Date.parse(`${scenarioEndsOn}T00:00:00Z`);
const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) < latest, 'an instant before the year 2100');
const seconds = z.int().min(-3_153_600_000).max(3_153_600_000);

const clockSchema = z.union([
  z.strictObject({ now: instant }),
  z.strictObject({ offsetSeconds: seconds }),
  z.strictObject({ running: z.literal(true) }),
]);
const advanceSchema = z.strictObject({
  days: z.int().min(0).max(36_500).default(0),
  hours: z.int().min(0).max(876_000).default(0),
  seconds: z.int().min(0).max(3_153_600_000).default(0),
});

/** What drives the bank from outside, to be mounted at `/control` where the operator allows it. */
export function controlApp(bank: Bank): Hono {
  const app = new Hono();
  const clockState = () => ({ now: bank.clock.now().toISOString(), mode: bank.clock.mode });
  app.use(
    bodyLimit({
      maxSize: 2_000_000,
      onError: (context) => context.json({ error: 'The body is larger than 2 MB.' }, 413),
    }),
  );

  app.get('/clock', (context) => context.json(clockState()));
  app.put('/clock', async (context) => {
    const body = await read(
      context,
      clockSchema,
      'Send { "now": "2026-03-01T08:00:00Z" }, { "offsetSeconds": 86400 } or { "running": true }.',
    );
    if ('now' in body) bank.clock.fix(new Date(body.now));
    else if ('offsetSeconds' in body) bank.clock.offset(body.offsetSeconds * 1000);
    else bank.clock.offset(0);
    return context.json(clockState());
  });
  app.post('/clock/advance', async (context) => {
    const step = await read(
      context,
      advanceSchema,
      'Send { "days": 1 }, { "hours": 1 }, { "seconds": 1 } or a sum of them.',
    );
    const milliseconds = ((step.days * 24 + step.hours) * 3600 + step.seconds) * 1000;
    if (bank.clock.now().getTime() + milliseconds >= latest) {
      return context.json({ error: 'The clock of the bank ends before the year 2100.' }, 400);
    }
    bank.clock.advance(milliseconds);
    return context.json(clockState());
  });

  app.get('/faults', (context) => context.json({ faults: bank.faults.list() }));
  app.post('/faults', async (context) => {
    bank.faults.trigger(
      await read(
        context,
        triggeredFaultSchema,
        'Send { "kind": "unavailable", "calls": 1 }; the README lists the kinds.',
      ),
    );
    return context.json({ faults: bank.faults.list() }, 201);
  });
  app.delete('/faults', (context) => {
    bank.faults.clear();
    return context.body(null, 204);
  });

  app.get('/calls', (context) =>
    context.json({ calls: bank.calls.after(Number(context.req.query('after') ?? 0) || 0) }),
  );
  app.delete('/calls', (context) => {
    bank.calls.clear();
    return context.body(null, 204);
  });

  app.get('/scenario', (context) => context.json(bank.scenario()));
  app.put('/scenario', async (context) => {
    const result = parseScenario(await context.req.text());
    if (!result.scenario)
      return context.json({ error: 'The scenario cannot be used.', problems: result.problems }, 400);
    bank.replaceScenario(result.scenario);
    return context.json({ bank: result.scenario.bank.name, accounts: result.scenario.accounts.length });
  });
  app.get('/scenario/schema', (context) => context.json(scenarioJsonSchema()));

  app.get('/consents', (context) => context.json({ consents: bank.consents.all() }));
  app.post('/consents/:id/revoke', (context) => {
    const consent = bank.consents.find(context.req.param('id'));
    if (!consent) return context.json({ error: 'The bank has no such consent.' }, 404);
    bank.consents.save({ ...consent, status: 'revokedByPsu' });
    return context.body(null, 204);
  });

  app.post('/reset', (context) => {
    bank.reset();
    return context.json(clockState());
  });

  app.all('*', (context) => context.json({ error: 'The control has no such address.' }, 404));
  app.onError((error, context) => {
    if (error instanceof ControlRefusal) return context.json({ error: error.message, problems: error.problems }, 400);
    bank.log.error({ err: error, path: context.req.path }, 'The control of the test bank failed.');
    return context.json({ error: 'An internal error occurred.' }, 500);
  });
  return app;
}

class ControlRefusal extends Error {
  readonly problems: readonly string[];

  constructor(message: string, problems: readonly string[] = []) {
    super(message);
    this.problems = problems;
  }
}

async function read<Output>(context: Context, schema: z.ZodType<Output>, remedy: string): Promise<Output> {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch {
    throw new ControlRefusal(`The body is not valid JSON. ${remedy}`);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ControlRefusal(
    `The body is not understood. ${remedy}`,
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}
