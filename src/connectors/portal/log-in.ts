import { Failure } from '../../domain/failure.ts';
import { cleanLine } from '../bank-text.ts';
import type { Credentials } from '../connector.ts';
import type { PortalBrowser, PortalPage } from './client.ts';
import { unknownPage } from './errors.ts';
import { findForm } from './form.ts';
import { layouts, type LayoutName } from './layouts.ts';

/**
 * Fills in the log-in form and posts it; gives the page that follows. What else the credentials hold goes into the
 * form's fields of the same names. Throws CREDENTIALS_INVALID, without asking the bank, for what no form can take.
 */
export async function logIn(
  browser: PortalBrowser,
  page: PortalPage,
  layout: LayoutName,
  { login = '', password = '', ...others }: Credentials,
): Promise<PortalPage> {
  if (login.trim() === '' || password === '') throw new Failure('CREDENTIALS_INVALID');
  const { fields } = layouts[layout];
  const form = findForm(page.document, { field: fields.login });
  if (!form) throw unknownPage();
  const known = Object.fromEntries(Object.entries(others).filter(([name]) => isFree(name)));
  const secret = form.names.has(fields.key)
    ? { [fields.positions]: positionsOf(page, fields.key, password) }
    : { [fields.password]: password };
  return browser.submit(page, form, { ...known, [fields.login]: login, ...secret });

  function isFree(name: string): boolean {
    return form?.names.has(name) === true && !form.hidden.has(name) && name !== fields.key;
  }
}

/** The positions of the password's digits on a pad of ten buttons, whose order is new each time. */
function positionsOf(page: PortalPage, key: string, password: string): string {
  const positionByDigit = new Map<string, string>();
  for (const element of page.document('button').toArray().slice(0, 50)) {
    const button = page.document(element);
    const position = button.attr('value') ?? '';
    const digit = cleanLine(button.text(), 10);
    if (button.attr('name') === key && /^\d$/.test(position) && /^\d$/.test(digit))
      positionByDigit.set(digit, position);
  }
  if (positionByDigit.size !== 10 || new Set(positionByDigit.values()).size !== 10) throw unknownPage();
  if (!/^\d+$/.test(password))
    throw new Failure('CREDENTIALS_INVALID', { message: 'The password of this bank consists of digits.' });
  return password.replace(/\d/g, (digit) => positionByDigit.get(digit) ?? '');
}
