import { completeAuthorization } from '../../actions/complete-authorization.ts';
import type { ActionContext } from '../../actions/context.ts';
import { Failure } from '../../domain/failure.ts';
import { page, type PageKind } from './page.ts';

const statusOf = { GRANTED: 'success', REJECTED: 'rejected', PENDING: 'pending' } as const;
const pageOf: Record<keyof typeof statusOf, PageKind> = { GRANTED: 'linked', REJECTED: 'rejected', PENDING: 'pending' };

/** Banks allow a look at a consent each second or two. */
const reloadAfterSeconds = 5;

/**
 * GET /widget/return: the browser is back from the bank. It goes on to where the client wants it, with `connection_id`
 * and `status` (success, rejected, pending) added to that address; without such an address it sees a page of ours. A
 * bank that wants to see the person once more gets the browser back first, and one that asks in its app is waited for.
 * `ipAddress` is the browser's, as the server's socket or a trusted proxy tells it.
 */
export async function bankReturn(context: ActionContext, request: Request, ipAddress: string): Promise<Response> {
  const language = request.headers.get('accept-language');
  // With the state among them: OAuth2 wants the answer as it came (RFC 6749, 4.1.2; RFC 9207).
  const parameters = Object.fromEntries(new URL(request.url).searchParams);
  const { state } = parameters;
  if (state === undefined || !/^[A-Za-z0-9_-]{43}$/.test(state)) return page('unknown', 404, language);
  const userAgent = request.headers.get('user-agent');
  const psu = { ipAddress, ...(userAgent ? { userAgent } : {}) };
  try {
    const completed = await completeAuthorization(context, { state, parameters, psu });
    const { outcome, connectionId, redirectUrl, bankUrl, isAwaitingApp } = completed;
    if (bankUrl) return seeOther(bankUrl);
    if (isAwaitingApp) return page('app', 200, language, { reloadAfterSeconds });
    if (redirectUrl === null) return page(pageOf[outcome], 200, language);
    const target = new URL(redirectUrl);
    target.searchParams.set('connection_id', connectionId);
    target.searchParams.set('status', statusOf[outcome]);
    return seeOther(target.href);
  } catch (error) {
    if (error instanceof Failure && error.code === 'NOT_FOUND') return page('unknown', 404, language);
    // Another browser with this return is at the bank: what comes of that shows by itself.
    if (error instanceof Failure && error.code === 'CONFLICT')
      return page('busy', 409, language, { reloadAfterSeconds });
    // The state still serves: reloading the page asks the bank again.
    if (error instanceof Failure) return page('unavailable', 503, language);
    context.log.error({ error }, 'A return from a bank failed.');
    return page('unavailable', 500, language);
  }
}

function seeOther(location: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  return new Response(null, { status: 303, headers });
}
