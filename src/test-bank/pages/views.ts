import { html } from 'hono/html';
import type { Person } from '../scenario/schema.ts';
import { alert, type Markup } from './layout.ts';
import type { Texts } from './texts.ts';

export interface Form {
  readonly words: Texts;
  readonly action: string;
  readonly csrf: string;
  readonly problem: string | null;
}

/** Step 1: who are you. Posts `login` and `password`. */
export function loginView({ words, action, csrf, problem }: Form, people: readonly Person[], login: string): Markup {
  return html`<h1>${words.signInTitle}</h1>
    <p class="muted">${words.signInLead}</p>
    ${alert(problem)}
    <form class="card" method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <label class="field"
        >${words.login}<input
          type="text"
          name="login"
          value="${login}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          maxlength="70"
      /></label>
      <label class="field"
        >${words.password}<input
          type="password"
          name="password"
          autocomplete="current-password"
          required
          maxlength="70"
      /></label>
      <div class="actions"><button type="submit">${words.signIn}</button></div>
    </form>
    <section class="card note" aria-labelledby="hint">
      <h2 id="hint">${words.testLogins}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">${words.login}</th>
            <th scope="col">${words.password}</th>
          </tr>
        </thead>
        <tbody>
          ${people.slice(0, 8).map(
            (person) =>
              html`<tr>
                <td><code>${person.login}</code></td>
                <td><code>${person.password}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="muted">${words.testLoginsHint}</p>
    </section>`;
}

/** Step 2, where the person has a challenge: posts `otp`. */
export function challengeView({ words, action, csrf, problem }: Form, phone: string, phoneAddress: string): Markup {
  return html`<h1>${words.challengeTitle}</h1>
    <p class="muted">${words.challengeLead} ${phone}.</p>
    ${alert(problem)}
    <form class="card" method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <label class="field"
        >${words.code}<input
          type="text"
          name="otp"
          inputmode="numeric"
          autocomplete="one-time-code"
          required
          maxlength="8"
      /></label>
      <div class="actions"><button type="submit">${words.confirm}</button></div>
    </form>
    <p><a href="${phoneAddress}" target="_blank" rel="noopener">${words.showPhone}</a></p>`;
}

/** The screen of the person's phone: where the code of the challenge is read. */
export function phoneView(words: Texts, bankName: string, message: { code: string; until: string } | null): Markup {
  return html`<h1>${words.phoneTitle}</h1>
    <div class="phone">
      ${
        message
          ? html`<p class="muted">${bankName}</p>
              <p class="sms">
                ${words.phoneMessage} <strong id="code">${message.code}</strong>
                <span class="muted">${words.validUntilTime} ${message.until}</span>
              </p>`
          : html`<p class="muted">${words.phoneEmpty}</p>`
      }
    </div>`;
}

export interface SharedAccount {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly balance: string;
}

interface Question {
  readonly accounts: readonly SharedAccount[];
  readonly isChoice: boolean;
  readonly shares: readonly string[];
  readonly validUntil: string;
}

/** Step 3: posts `decision` (approve or refuse) and, for a choice, `account` once per account. */
export function approveView({ words, action, csrf, problem }: Form, question: Question): Markup {
  const rows = question.accounts.map((account) =>
    question.isChoice
      ? html`<label class="account"
          ><input type="checkbox" name="account" value="${account.id}" checked /><span
            >${account.name}<small>${account.number}</small></span
          ><span>${account.balance}</span></label
        >`
      : html`<div class="account">
          <span>${account.name}<small>${account.number}</small></span
          ><span>${account.balance}</span>
        </div>`,
  );
  return html`<h1>${words.approveTitle}</h1>
    <p class="muted">${words.approveLead}</p>
    ${alert(problem)}
    <form class="card" method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <fieldset>
        <legend>${question.isChoice ? words.chooseAccounts : words.accountsToShare}</legend>
        ${rows.length > 0 ? rows : html`<p>${words.noAccounts}</p>`}
      </fieldset>
      <h2>${words.whatIsShared}</h2>
      <ul>
        ${question.shares.map((share) => html`<li>${share}</li>`)}
      </ul>
      <p>${words.until} <strong>${question.validUntil}</strong></p>
      <div class="actions">
        <button type="submit" name="decision" value="approve">${words.approve}</button>
        <button class="plain" type="submit" name="decision" value="refuse">${words.refuse}</button>
      </div>
    </form>`;
}
