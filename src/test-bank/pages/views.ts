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
    <p class="lead">${words.signInLead}</p>
    ${alert(problem)}
    <form class="card" method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <div class="field">
        <label for="login">${words.login}</label>
        <input
          type="text"
          id="login"
          name="login"
          value="${login}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          maxlength="70"
        />
      </div>
      <div class="field">
        <label for="password">${words.password}</label>
        <input type="password" id="password" name="password" autocomplete="current-password" required maxlength="70" />
      </div>
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

interface PhoneLink {
  readonly number: string;
  readonly address: string;
}

/** Step 2, a code by SMS: posts `otp`. */
export function challengeView({ words, action, csrf, problem }: Form, phone: PhoneLink): Markup {
  return html`<h1>${words.challengeTitle}</h1>
    <p class="lead">${words.challengeLead} ${phone.number}.</p>
    ${alert(problem)}
    <form class="card" method="post" action="${action}">
      <input type="hidden" name="csrf" value="${csrf}" />
      <div class="field">
        <label for="otp">${words.code}</label>
        <input
          type="text"
          id="otp"
          name="otp"
          inputmode="numeric"
          autocomplete="one-time-code"
          required
          maxlength="12"
          ${problem === null ? html`` : html`aria-invalid="true" aria-describedby="problem"`}
        />
      </div>
      <div class="actions"><button type="submit">${words.confirm}</button></div>
    </form>
    <p><a href="${phone.address}" target="_blank" rel="noopener">${words.showPhone}</a></p>`;
}

/** Step 2, approval in the app: asks again by itself, and has a link for who does not want to wait. */
export function waitingView(words: Texts, phone: PhoneLink, address: string): Markup {
  return html`<h1>${words.waitingTitle}</h1>
    <p class="lead">${words.waitingLead} ${phone.number}.</p>
    <div class="card waiting">
      <p role="status"><span class="spinner" aria-hidden="true"></span>${words.waitingNow}</p>
      <p><a class="button" href="${address}">${words.iHaveApproved}</a></p>
    </div>
    <p><a href="${phone.address}" target="_blank" rel="noopener">${words.showPhone}</a></p>`;
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
    <p class="lead">${words.approveLead}</p>
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
