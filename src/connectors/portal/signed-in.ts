import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession } from '../connector.ts';
import { addressOf } from './addresses.ts';
import { openBrowser, type PortalPage } from './client.ts';
import { isMissing } from './errors.ts';
import type { LayoutName, PageKind } from './layouts.ts';
import { recognise } from './recognise.ts';
import { readSession } from './session.ts';

/** Throws what it means that the site leads elsewhere than to a page that only who is signed in may see. */
function refuseElsewhere(kind: PageKind): void {
  switch (kind) {
    case 'accounts':
    case 'account':
      return;
    case 'login':
    case 'method':
    case 'code':
    case 'waiting':
      throw new Failure('SCA_REQUIRED', { message: 'The bank has ended the session: it must be signed in anew.' });
    case 'terms':
    case 'profile':
      throw new Failure('BANK_USER_ACTION_REQUIRED');
    case 'new-password':
      throw new Failure('PASSWORD_CHANGE_REQUIRED');
  }
}

/** The list of accounts of who is signed in, and the layout it has; SCA_REQUIRED when nobody is. */
export async function openAccounts(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
): Promise<{ readonly page: PortalPage; readonly layout: LayoutName }> {
  const { cookies, layout } = readSession(session);
  const address = addressOf(call.endpoint.baseUrl, layout, 'accounts');
  const page = await openBrowser(http, call, cookies).open(address, true);
  // After a relaunch nothing stands there; who signs in anew finds the way.
  if (isMissing(page)) refuseElsewhere('login');
  const { kind } = recognise(call, page);
  refuseElsewhere(kind);
  return { page, layout };
}

/** The pages of one account. `open` throws ACCOUNT_NOT_FOUND where the site has none, SCA_REQUIRED when nobody is signed in. */
export function openAccount(http: BankHttp, call: BankCall, session: BankSession, accountId: string) {
  const { cookies, layout } = readSession(session);
  const browser = openBrowser(http, call, cookies);
  const address = addressOf(call.endpoint.baseUrl, layout, 'account', accountId);
  return {
    layout,
    address,
    async open(url: URL): Promise<PortalPage> {
      const page = await browser.open(url, url.href === address.href);
      if (isMissing(page)) throw new Failure('ACCOUNT_NOT_FOUND');
      refuseElsewhere(recognise(call, page).kind);
      return page;
    },
  };
}
