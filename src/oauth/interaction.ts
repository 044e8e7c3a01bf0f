import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { authenticateUser } from '../actions/authenticate-user.ts';
import type { ActionContext } from '../actions/context.ts';
import { Failure } from '../domain/failure.ts';
import { permissions } from '../domain/viewer.ts';
import { audienceOf, endpoints } from './addresses.ts';
import { readForm } from './form.ts';
import { interactionLifetimeInSeconds } from './lifetimes.ts';
import { sendConsentPage } from './pages/consent-page.ts';
import { expiredPage } from './pages/error-page.ts';
import { sendLoginPage } from './pages/login-page.ts';
import { languageOf } from './pages/texts.ts';
import { findParty, type Party } from './party.ts';
import { retryAfterSeconds } from './throttled.ts';

interface InteractionContext extends Pick<ActionContext, 'database' | 'clock' | 'publicUrl'> {
  readonly addressOf: (request: IncomingMessage) => string | null;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One visit of a person who is to log in and to approve. */
interface Visit {
  readonly provider: Provider;
  readonly context: InteractionContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly interaction: Interaction;
  readonly party: Party;
  readonly redirectUri: URL;
}

/** Who has logged in, and the digest of the cookie that his browser alone has. */
interface Login {
  readonly accountId: string;
  readonly email: string;
  readonly proof: string;
}

const proofCookie = 'tributary_login';

/**
 * Login and consent, in forms that need no script. What is known of the visit is in the interaction that oidc-provider
 * keeps, which only the browser that began it can name: its cookie is sent to this one address. A form carries a value
 * that only our page knows; a login hands out one more cookie, so that nobody who planted the first can approve.
 */
export async function handleInteraction(
  provider: Provider,
  context: InteractionContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const visit = await findVisit(provider, context, request, response);
  if (!visit) return expiredPage(request, response);
  if (request.method !== 'POST') return show(visit);
  const form = await readForm(request);
  if (!isOurForm(visit, form)) return expiredPage(request, response);
  const step = form.get('step');
  if (step === 'login') return logIn(visit, form);
  if (step === 'allow') return allow(visit, form);
  const refusal = { error: 'access_denied', error_description: 'The user has refused.' };
  await provider.interactionFinished(request, response, refusal);
}

async function findVisit(
  provider: Provider,
  context: InteractionContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Visit | null> {
  const interaction = await provider.interactionDetails(request, response).catch((error: unknown) => {
    if (error instanceof errors.SessionNotFound) return null;
    throw error;
  });
  const path = (request.url ?? '').split('?', 1)[0];
  if (!interaction || path !== endpoints.interaction.path + interaction.uid) return null;
  const { client_id: oauthClientId, redirect_uri: target } = interaction.params;
  const party = await findParty(context.database, String(oauthClientId));
  const redirectUri = URL.parse(String(target));
  // Disabled since the visit began.
  if (!party || !redirectUri) return null;
  return { provider, context, request, response, interaction, party, redirectUri };
}

function show(visit: Visit, { isNothingChosen = false } = {}): void {
  const { response, redirectUri, interaction } = visit;
  const login = loginOf(visit);
  const common = { ...namesIn(visit), csrf: csrfOf(interaction) };
  if (!login) {
    const formOrigin = redirectUri.origin;
    return sendLoginPage(response, 200, { ...common, email: '', formOrigin, problem: null });
  }
  const asked = permissions.filter((permission) => requestedScopes(visit).includes(permission));
  const { email } = login;
  sendConsentPage(response, isNothingChosen ? 400 : 200, {
    ...common,
    email,
    permissions: asked,
    redirectUri,
    isNothingChosen,
  });
}

function namesIn({ interaction, request, party }: Visit) {
  return {
    language: languageOf(interaction.params['ui_locales'], request.headers['accept-language']),
    applicationName: party.name,
    clientName: party.clientName,
  };
}

async function logIn(visit: Visit, form: URLSearchParams): Promise<void> {
  const { context, request, response, interaction, party, redirectUri } = visit;
  const email = (form.get('email') ?? '').trim();
  const password = form.get('password') ?? '';
  const address = context.addressOf(request);
  const page = { ...namesIn(visit), csrf: csrfOf(interaction), email, formOrigin: redirectUri.origin };
  let accountId: string | null;
  try {
    accountId = await authenticateUser(context, { clientId: party.clientId, email, password, address });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'RATE_LIMITED') throw error;
    const seconds = retryAfterSeconds(error, context.clock);
    response.setHeader('Retry-After', String(seconds));
    return sendLoginPage(response, 429, { ...page, problem: { retryAfterSeconds: seconds } });
  }
  if (accountId === null) return sendLoginPage(response, 400, { ...page, problem: 'wrong' });
  const proof = randomBytes(32).toString('base64url');
  interaction.lastSubmission = { signedIn: { accountId, email, proof: digest(proof) } satisfies Login };
  await interaction.persist();
  const path = endpoints.interaction.path + interaction.uid;
  const secure = context.publicUrl.startsWith('https:') ? '; Secure' : '';
  response.writeHead(303, {
    location: path,
    'set-cookie': `${proofCookie}=${proof}; Path=${path}; Max-Age=${interactionLifetimeInSeconds}; HttpOnly; SameSite=Strict${secure}`,
    'cache-control': 'no-store',
  });
  response.end();
}

async function allow(visit: Visit, form: URLSearchParams): Promise<void> {
  const { provider, context, request, response, party } = visit;
  const login = loginOf(visit);
  if (!login) return show(visit);
  const asked = requestedScopes(visit);
  const chosen = form.getAll('scope').filter((scope) => asked.includes(scope));
  if (chosen.length === 0) return show(visit, { isNothingChosen: true });
  const { accountId } = login;
  const grant = new provider.Grant({ accountId, clientId: party.oauthClientId });
  grant.addResourceScope(audienceOf(context.publicUrl), chosen);
  const grantId = await grant.save();
  const result = { login: { accountId, remember: false }, consent: { grantId } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function requestedScopes({ interaction }: Visit): readonly string[] {
  const { scope } = interaction.params;
  return typeof scope === 'string' ? scope.split(' ') : [];
}

/** The login of this visit, when the browser shows the cookie that it was given with it. */
function loginOf({ interaction, request }: Visit): Login | null {
  const signedIn = interaction.lastSubmission?.['signedIn'];
  if (!isLogin(signedIn)) return null;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const shown = cookies.find((cookie) => cookie.startsWith(`${proofCookie}=`))?.slice(proofCookie.length + 1);
  return shown !== undefined && isEqual(digest(shown), signedIn.proof) ? signedIn : null;
}

function isLogin(value: unknown): value is Login {
  return typeof value === 'object' && value !== null && 'accountId' in value && 'email' in value && 'proof' in value;
}

/** The `cid` of an interaction never leaves us, so nobody else can make this value. */
function csrfOf({ cid }: Interaction): string {
  return digest(`csrf ${cid}`);
}

function isOurForm({ context, request, interaction }: Visit, form: URLSearchParams): boolean {
  const { origin } = request.headers;
  const isFromHere = origin === undefined || origin === new URL(context.publicUrl).origin;
  return isFromHere && isEqual(form.get('csrf') ?? '', csrfOf(interaction));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function isEqual(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
