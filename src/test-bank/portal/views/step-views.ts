import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { Visit } from '../visit.ts';
import { problemSummary, securedForm, textField, tickBox, type Problem } from './form.ts';

/** The code by SMS: a field, and a second form for a new code. */
export function challengeView(
  visit: Visit,
  phone: string,
  phoneAddress: string,
  until: string,
  problem: Problem | null,
) {
  const { words, fields, session } = visit;
  const content = html`${textField({
      name: fields.otp,
      label: words.code,
      hint: words.codeHint(until),
      autocomplete: 'one-time-code',
      isNumeric: true,
      lengthMax: 12,
      problem,
    })}
    <div class="actions">
      <button type="submit">${words.confirm}</button>
      <button class="plain" type="submit" name="resend" value="yes">${words.newCode}</button>
    </div>`;
  return html`<h1>${words.challengeTitle}</h1>
    <p class="lead">${words.codeSent(phone)}</p>
    ${problemSummary(words, problem)} ${securedForm(visit.address('challenge'), session.csrf, content)}
    <p><a href="${phoneAddress}" target="_blank" rel="noopener">${words.openPhone}</a></p>`;
}

/** Waiting for the app: the page asks again by itself, and has a link for who does not want to wait. */
export function waitingView(
  visit: Visit,
  { phone, phoneAddress, until, comparison }: Record<'phone' | 'phoneAddress' | 'until' | 'comparison', string>,
): Markup {
  const { words } = visit;
  return html`<h1>${words.waitingTitle}</h1>
    <p class="lead">${words.waitingLead(phone)}</p>
    <div class="card waiting">
      <p role="status"><span class="spinner" aria-hidden="true"></span>${words.waitingNow}</p>
      <p>${words.comparison} <strong class="code" data-comparison>${comparison}</strong></p>
      <p class="hint">${words.waitingHint(until)}</p>
      <p><a class="button" href="${visit.address('waiting')}">${words.iHaveApproved}</a></p>
    </div>
    <p><a href="${phoneAddress}" target="_blank" rel="noopener">${words.openPhone}</a></p>`;
}

export function termsView(visit: Visit, problem: Problem | null): Markup {
  const { words, fields } = visit;
  const content = html`<div class="terms" tabindex="0" role="region" aria-label="${words.termsTitle}">
      ${words.termsBody.map((paragraph) => html`<p>${paragraph}</p>`)}
    </div>
    ${tickBox(fields.confirm, words.termsAccept, problem)}
    <div class="actions"><button type="submit">${words.goOn}</button></div>`;
  return html`<h1>${words.termsTitle}</h1>
    <p class="lead">${words.termsLead}</p>
    ${problemSummary(words, problem)} ${securedForm(visit.address('terms'), visit.session.csrf, content)}`;
}

export function kycView(visit: Visit, problem: Problem | null): Markup {
  const { words, fields, person } = visit;
  const content = html`<dl class="facts">
      <dt>${words.name}</dt>
      <dd>${person?.name ?? ''}</dd>
      <dt>${words.phone}</dt>
      <dd>${person?.phone ?? ''}</dd>
    </dl>
    ${tickBox(fields.confirm, words.kycConfirm, problem)}
    <div class="actions"><button type="submit">${words.goOn}</button></div>`;
  return html`<h1>${words.kycTitle}</h1>
    <p class="lead">${words.kycLead}</p>
    ${problemSummary(words, problem)} ${securedForm(visit.address('kyc'), visit.session.csrf, content)}`;
}

export function newPasswordView(visit: Visit, problem: Problem | null): Markup {
  const { words, fields, bank } = visit;
  const isDigits = bank.scenario().bank.portal.keypad !== 'none';
  const secret = (name: string, label: string, hint?: string) =>
    textField({
      name,
      label,
      ...(hint === undefined ? {} : { hint }),
      type: 'password',
      autocomplete: 'new-password',
      isNumeric: isDigits,
      lengthMax: 70,
      problem,
    });
  const content = html`${secret(fields.newPassword, words.newPassword, isDigits ? words.newPasswordDigits : words.newPasswordHint)}
    ${secret(fields.repeatPassword, words.repeatPassword)}
    <div class="actions"><button type="submit">${words.goOn}</button></div>`;
  return html`<h1>${words.newPasswordTitle}</h1>
    <p class="lead">${words.newPasswordLead}</p>
    ${problemSummary(words, problem)} ${securedForm(visit.address('new-password'), visit.session.csrf, content)}`;
}
