import type { ActionContext } from '../../actions/context.ts';
import { bankReturn } from './bank-return.ts';
import { page } from './page.ts';

/** The pages under `/widget/`: today the one to which banks send the browser back. */
export function widgetPages(context: ActionContext) {
  return async (request: Request, ipAddress: string): Promise<Response> => {
    if (new URL(request.url).pathname !== '/widget/return') {
      return page('missing', 404, request.headers.get('accept-language'));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    }
    return bankReturn(context, request, ipAddress);
  };
}
