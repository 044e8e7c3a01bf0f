import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { PortalTexts } from '../texts-en.ts';

/** What is wrong with a form: the name of the mistake for programs, its words, and the field to blame. */
export interface Problem {
  readonly name: string;
  readonly text: string;
  readonly field: string | null;
}

/** The summary above a form that was not accepted; each line leads to its field. */
export function problemSummary(words: PortalTexts, problem: Problem | null, more: Markup = html``): Markup {
  if (!problem) return html``;
  const { field, name, text } = problem;
  return html`<div class="alert" role="alert" data-problem="${name}">
    <h2>${words.problemTitle}</h2>
    <p>${field === null ? text : html`<a href="#${field}">${text}</a>`}</p>
    ${more}
  </div>`;
}

interface TextField {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'url';
  readonly value?: string;
  readonly hint?: string;
  readonly autocomplete: string;
  readonly isNumeric?: boolean;
  readonly isOptional?: boolean;
  readonly lengthMax: number;
  readonly problem: Problem | null;
}

/** A field with its label, its hint and its mistake tied to it for screen readers. The id is the name. */
export function textField(field: TextField): Markup {
  const { name, label, hint, problem } = field;
  const isWrong = problem?.field === name;
  const described = [hint === undefined ? '' : `${name}-hint`, isWrong ? `${name}-problem` : ''].filter(Boolean);
  return html`<div class="field${isWrong ? ' wrong' : ''}">
    <label for="${name}">${label}</label>
    ${hint === undefined ? html`` : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${isWrong ? html`<p class="mistake" id="${name}-problem">${problem.text}</p>` : html``}
    <input
      id="${name}"
      name="${name}"
      type="${field.type ?? 'text'}"
      value="${field.value ?? ''}"
      autocomplete="${field.autocomplete}"
      maxlength="${field.lengthMax}"
      ${field.isNumeric ? html`inputmode="numeric"` : html``}
      ${field.isOptional ? html`` : html`required`}
      ${described.length > 0 ? html`aria-describedby="${described.join(' ')}"` : html``}
      ${isWrong ? html`aria-invalid="true"` : html``}
      autocapitalize="none"
      spellcheck="false"
    />
  </div>`;
}

/** A box to tick, with its mistake. */
export function tickBox(name: string, label: string, problem: Problem | null): Markup {
  const isWrong = problem?.field === name;
  return html`<div class="field${isWrong ? ' wrong' : ''}">
    ${isWrong ? html`<p class="mistake" id="${name}-problem">${problem.text}</p>` : html``}
    <label class="tick"
      ><input
        type="checkbox"
        id="${name}"
        name="${name}"
        value="yes"
        required
        ${isWrong ? html`aria-invalid="true" aria-describedby="${name}-problem"` : html``}
      /><span>${label}</span></label
    >
  </div>`;
}

/** A form that posts to an address with the token of the session. */
export function securedForm(action: string, csrf: string, content: Markup, id = 'form'): Markup {
  return html`<form id="${id}" class="card" method="post" action="${action}" novalidate>
    <input type="hidden" name="csrf" value="${csrf}" />
    ${content}
  </form>`;
}
