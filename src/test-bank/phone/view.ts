import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import type { Markup } from '../pages/layout.ts';
import { comparisonNumber, type Challenge } from '../people/challenges.ts';
import { phonePath } from './address.ts';
import type { PhoneTexts } from './texts.ts';

/** A phone: whose it is, and the bank that sends to it. */
export interface Phone {
  readonly bank: Bank;
  readonly owner: string;
  readonly number: string;
  readonly messages: readonly Challenge[];
}

const messagesShownMax = 5;

/** The screen of a phone with its last messages; the newest code has the id `code`. */
export function phoneScreen(words: PhoneTexts, phone: Phone, login: string): Markup {
  const messages = phone.messages.slice(0, messagesShownMax);
  return html`<section class="phone" aria-label="${words.phoneOf(phone.owner)}">
    <p class="phone-bar">${phone.number}</p>
    ${messages.length === 0 ? html`<p class="muted">${words.empty}</p>` : html``}
    ${messages.map((message, index) => messageView(words, phone.bank, message, login, index === 0))}
  </section>`;
}

function messageView(words: PhoneTexts, bank: Bank, message: Challenge, login: string, isNewest: boolean): Markup {
  const { timeZone, name } = bank.scenario().bank;
  const time = (at: Date) => at.toLocaleTimeString('fr-FR', { timeZone, hour: '2-digit', minute: '2-digit' });
  const status = bank.challenges.status(message.id);
  const isOpen = status === 'open';
  const sender = html`<p class="sender">
    <span>${name} · ${message.kind === 'otp' ? words.sms : words.app}</span> <span>${time(message.startedAt)}</span>
  </p>`;
  if (message.kind === 'otp') {
    return html`<article class="message${isOpen ? '' : ' old'}">
      ${sender}
      <p>
        ${words.smsText[message.purpose]}
        <strong class="code" ${isNewest ? html`id="code"` : html``}>${message.code}</strong>
      </p>
      <p class="hint">${isOpen ? words.validUntil(time(message.expiresAt)) : words.codeStatus[status]}</p>
    </article>`;
  }
  return html`<article class="message${isOpen ? '' : ' old'}">
    ${sender}
    <p>${words.appText[message.purpose]}</p>
    ${
      message.purpose === 'sign-in'
        ? html`<p>${words.comparison} <strong class="code">${comparisonNumber(message)}</strong></p>`
        : html``
    }
    ${
      isOpen
        ? html`<form method="post" action="${phonePath}" class="actions">
            <input type="hidden" name="challenge" value="${message.id}" />
            <input type="hidden" name="login" value="${login}" />
            <button type="submit" name="decision" value="approve">${words.approve}</button>
            <button class="plain" type="submit" name="decision" value="refuse">${words.refuse}</button>
          </form>`
        : html`<p class="hint">${words.status[status]}</p>`
    }
  </article>`;
}
