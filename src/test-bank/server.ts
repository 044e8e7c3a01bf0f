import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { silentLog, type Log } from '../kernel/log.ts';
import { openBank, type Bank } from './bank.ts';
import { berlinGroupApp } from './berlin-group/app.ts';
import { berlinGroupPath } from './berlin-group/links.ts';
import { tlsOptions, type ServerCertificates } from './certificates/server-certificates.ts';
import { controlApp } from './control/routes.ts';
import { oauthPath } from './authorization-server/addresses.ts';
import { oauthApp } from './authorization-server/app.ts';
import { securityHeaders } from './pages/approval.ts';
import { pagesApp } from './pages/app.ts';
import { landingPage } from './pages/landing.ts';
import { chosenLanguage } from './pages/language.ts';
import { stylesheetPath } from './pages/layout.ts';
import { stylesheet } from './pages/style.ts';
import { phonePath } from './phone/address.ts';
import { phoneApp } from './phone/app.ts';
import { portalApp } from './portal/app.ts';
import type { ScenarioHosts } from './remote-scenario/address-rules.ts';
import { guestBanks } from './remote-scenario/guest-banks.ts';
import { loadScenario } from './scenario/load-scenario.ts';
import type { Scenario } from './scenario/schema.ts';
import { fileState } from './state/file-state.ts';
import { memoryState, type BankState } from './state/state.ts';
import { stetApp } from './stet/app.ts';
import { stetPath } from './stet/links.ts';
import { thirdPartiesOf } from './third-parties.ts';

export interface TestBankOptions {
  /** 0, the default, picks a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly clock?: Clock;
  /** A scenario, or the path of a file; the default household when absent. */
  readonly scenario?: Scenario | string;
  /** Whether `/control` is open: whoever reaches the port then drives the bank. Off when absent. */
  readonly control?: boolean;
  /** Where consents survive a restart; in memory only when absent. */
  readonly stateFile?: string;
  readonly log?: Log;
  /** Where a scenario may come from that a person names on the log-in form; the public internet only when absent. */
  readonly scenarioHosts?: ScenarioHosts;
  /** How the bank is reached from outside, when that is not the address of the call. */
  readonly publicUrl?: string;
  /** For TLS, and for the roots of certificates of third parties; plain HTTP when absent. */
  readonly certificates?: ServerCertificates;
}

export interface TestBank {
  readonly url: string;
  readonly port: number;
  /** The bank behind the faces, for tests in the same process. */
  readonly bank: Bank;
  /** Ends open calls, saves the state and frees the port. */
  close(): Promise<void>;
}

const faces = [
  { name: 'NextGenPSD2 1.3', path: berlinGroupPath },
  { name: 'STET 1.4', path: stetPath },
  { name: 'OAuth 2', path: oauthPath },
] as const;

/** Starts the bank on a port. Throws ScenarioInvalid, or an Error that names the port when it is taken. */
export async function startTestBank(options: TestBankOptions = {}): Promise<TestBank> {
  const { host = '127.0.0.1', log = silentLog } = options;
  const scenario = typeof options.scenario === 'object' ? options.scenario : await loadScenario(options.scenario);
  const state = options.stateFile === undefined ? memoryState() : await fileState(options.stateFile);
  const bank = openBank(scenario, state, options.clock ?? systemClock, log);
  const server = createAdaptorServer({
    fetch: bankApp(bank, state, options).fetch,
    ...(options.certificates ? tlsOptions(options.certificates) : {}),
  });
  const scheme = options.certificates?.server ? 'https' : 'http';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, options.port ?? 0)));
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = addressOf(server.address());
  return {
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    bank,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await state.saved();
    },
  };
}

/** All faces, the pages and the control behind one fetch handler. */
function bankApp(bank: Bank, state: BankState, options: TestBankOptions): Hono {
  const app = new Hono();
  const originOf = (context: Context) => options.publicUrl ?? new URL(context.req.url).origin;
  app.use(async (context, next) => {
    const at = bank.clock.now().toISOString();
    await next();
    await state.saved();
    const { pathname, search } = new URL(context.req.url);
    if (pathname.startsWith('/control')) return;
    const { method } = context.req;
    const { outgoing }: Partial<HttpBindings> = context.env ?? {};
    bank.calls.add({
      at,
      method,
      path: pathname,
      query: search.slice(1),
      headers: context.req.header(),
      // What the authorization server answers goes past this framework.
      status: outgoing?.headersSent ? outgoing.statusCode : context.res.status,
    });
  });
  const thirdParties = thirdPartiesOf(bank, options.certificates ?? null, options.publicUrl !== undefined);
  app.route('/', oauthApp(thirdParties, originOf));
  app.route(stetPath, stetApp(thirdParties));
  app.route(berlinGroupPath, berlinGroupApp(bank, thirdParties, originOf));
  app.route('/auth', pagesApp(bank));
  const guests = guestBanks(bank, options.scenarioHosts ?? 'public', (scenario) =>
    openBank(scenario, memoryState(), bank.clock, bank.log),
  );
  app.route(phonePath, phoneApp(bank, guests));
  app.get(stylesheetPath, (context) =>
    context.body(stylesheet, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  );
  app.route('/', portalApp(bank, guests, originOf));
  if (options.control) app.route('/control', controlApp(bank));
  app.get('/', (context) => {
    securityHeaders(context, null);
    const language = chosenLanguage(context);
    return context.html(landingPage(bank, language, faces, options.control ?? false));
  });
  app.onError((error, context) => {
    bank.log.error({ err: error, path: context.req.path }, 'The test bank failed.');
    return context.text('An internal error occurred.', 500);
  });
  return app;
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The test bank has no port.');
  return address;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `The test bank cannot start: port ${port} on ${host} is in use. Stop what uses it, or choose another port (0 picks a free one).`,
    );
  }
  if (error.code === 'EACCES')
    return new Error(`The test bank cannot start: port ${port} is not permitted. Choose a port above 1023.`);
  return error;
}
