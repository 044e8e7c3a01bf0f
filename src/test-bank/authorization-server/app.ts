import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import type { Provider } from 'oidc-provider';
import type { Bank } from '../bank.ts';
import type { Gate } from '../certificates/gate.ts';
import { transportFaults } from '../faults/transport.ts';
import { Refusal } from '../refusal.ts';
import { oauthPath, oauthRoutes } from './addresses.ts';
import { errorPage, errorPageHeaders } from './error-page.ts';
import { finishInteraction } from './interaction.ts';
import { oauthKeys } from './keys.ts';
import { authorizationServerMetadata } from './metadata.ts';
import { createProvider } from './provider.ts';
import type { OauthRecords } from './records.ts';

const formBytesMax = 20_000;
const originsKeptMax = 8;

interface OauthDoor {
  readonly bank: Bank;
  readonly records: OauthRecords;
  readonly gate: Gate;
}

/** The bank's authorization server, to be mounted at the root: it answers below `/oauth` and at its metadata. */
export function oauthApp(
  { bank, records, gate }: OauthDoor,
  originOf: (context: Context) => string,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const keys = oauthKeys(bank.state);
  const providers = new Map<string, Provider>();
  /** One per origin: a provider knows its own address, and all share one state. */
  function providerOf(origin: string): Provider {
    const known = providers.get(origin);
    if (known) return known;
    const made = createProvider(bank, records, keys(), origin, gate);
    for (const oldest of providers.keys()) {
      if (providers.size < originsKeptMax) break;
      providers.delete(oldest);
    }
    providers.set(origin, made);
    return made;
  }
  async function provide(context: Context<{ Bindings: HttpBindings }>): Promise<Response> {
    const { incoming, outgoing } = context.env;
    forgetSession(incoming);
    await providerOf(originOf(context)).callback()(incoming, outgoing);
    return RESPONSE_ALREADY_SENT;
  }

  const metadata = (context: Context) =>
    context.json(authorizationServerMetadata(originOf(context), bank.scenario().bank.switches));
  app.get(`/.well-known/oauth-authorization-server${oauthPath}`, metadata);
  app.get(`${oauthPath}/.well-known/oauth-authorization-server`, metadata);
  app.get(`${oauthPath}/.well-known/openid-configuration`, metadata);

  app.get(oauthRoutes.authorization, provide);
  app.get(`${oauthRoutes.authorization}/:uid`, provide);
  app.get(oauthRoutes.jwks, provide);
  app.get(`${oauthPath}/interactions/:uid`, async (context) => {
    const origin = originOf(context);
    const next = await finishInteraction(bank, records, providerOf(origin), context.req.param('uid'));
    if (next !== null) return context.redirect(next, 303);
    const { pathname, search } = new URL(context.req.url);
    const asked = { target: `${pathname}${search}`, acceptLanguage: context.req.header('accept-language') };
    return context.html(await errorPage(bank, asked, gone), 410, errorPageHeaders);
  });

  const faults = transportFaults(bank);
  for (const path of [oauthRoutes.token, oauthRoutes.revocation]) {
    app.post(path, faults, (context) => {
      gate.requireCertificate(context);
      if (Number(context.req.header('content-length') ?? formBytesMax) >= formBytesMax) {
        throw new Refusal(413, 'invalid_request', `The form must have a Content-Length below ${formBytesMax}.`);
      }
      return provide(context);
    });
  }
  app.onError((error, context) => {
    if (error instanceof Refusal) return refuse(context, error);
    bank.log.error({ err: error, path: context.req.path }, 'The authorization server of the test bank failed.');
    return context.json({ error: 'server_error', error_description: 'An internal error occurred.' }, 500);
  });
  return app;
}

const gone = { error: 'access_denied', error_description: 'nothing is left to be finished here' };

/** RFC 6749, section 5.2: errors about certificates are errors of client authentication. */
function refuse(context: Context, refusal: Refusal): Response {
  const isClient = refusal.status === 401;
  context.header('cache-control', 'no-store');
  if (refusal.retryAfterSeconds !== null) context.header('retry-after', String(refusal.retryAfterSeconds));
  const error = isClient ? 'invalid_client' : refusal.status < 500 ? 'invalid_request' : 'temporarily_unavailable';
  return context.json({ error, error_description: `${refusal.code}: ${refusal.message}` }, refusal.status);
}

/** The subject of a session is one consent, so that a session must not meet the next authorisation. */
function forgetSession(incoming: HttpBindings['incoming']): void {
  const { cookie } = incoming.headers;
  if (cookie === undefined) return;
  incoming.headers.cookie = cookie
    .split(/;\s*/)
    .filter((part) => !part.startsWith('_session'))
    .join('; ');
}
