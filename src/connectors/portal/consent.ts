import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession, ConsentState } from '../connector.ts';
import { openBrowser } from './client.ts';
import { addressOf } from './addresses.ts';
import { isMissing, unknownPage } from './errors.ts';
import { findForm } from './form.ts';
import { layouts } from './layouts.ts';
import { recognise } from './recognise.ts';
import { readSession } from './session.ts';

/** Whether the session lives. A site knows no consents: what the person allowed us comes back as it was given. */
export async function readSessionState(http: BankHttp, call: BankCall, session: BankSession): Promise<ConsentState> {
  const { cookies, layout, validUntil, frequencyPerDay } = readSession(session);
  const page = await openBrowser(http, call, cookies).open(addressOf(call.endpoint.baseUrl, layout, 'accounts'));
  if (isMissing(page) || recognise(call, page).kind !== 'accounts') return { status: 'PENDING' };
  return { status: 'ACTIVE', validUntil, frequencyPerDay, session };
}

/** Signs out; a session that has ended needs no signing out. */
export async function signOut(http: BankHttp, call: BankCall, session: BankSession): Promise<void> {
  const { cookies, layout } = readSession(session);
  const browser = openBrowser(http, call, cookies);
  const page = await browser.open(addressOf(call.endpoint.baseUrl, layout, 'accounts'));
  if (isMissing(page) || recognise(call, page).kind === 'login') return;
  const form = findForm(page.document, { actionEnd: `/${layouts[layout].signOut.join('/')}` });
  if (!form) throw unknownPage();
  const left = await browser.submit(page, form, {});
  if (recognise(call, left).kind !== 'login') throw new Failure('BANK_ERROR');
}
