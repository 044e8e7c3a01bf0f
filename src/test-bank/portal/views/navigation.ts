import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { Visit } from '../visit.ts';

/** The bar of somebody who signed in: the accounts and the way out. */
export function navigation({ session, words, address }: Visit): Markup {
  if (session.login === null) return html``;
  return html`<form class="sign-out" method="post" action="${address('sign-out')}">
    <input type="hidden" name="csrf" value="${session.csrf}" />
    <button class="plain small" type="submit">${words.signOut}</button>
  </form>`;
}
