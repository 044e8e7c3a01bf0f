import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { Visit } from '../visit.ts';
import { problemSummary, securedForm, type Problem } from './form.ts';

/** The ways to prove oneself, one to be chosen. */
export function methodView(
  visit: Visit,
  methods: readonly ('sms' | 'app')[],
  phone: string,
  problem: Problem | null,
): Markup {
  const { words, fields, session } = visit;
  const content = html`<fieldset id="${fields.method}">
      <legend>${words.methodLegend}</legend>
      ${methods.map(
        (method) =>
          html`<label class="tick"
            ><input type="radio" name="${fields.method}" value="${method}" required /><span
              >${words.methods[method](phone)}</span
            ></label
          >`,
      )}
    </fieldset>
    <div class="actions"><button type="submit">${words.goOn}</button></div>`;
  return html`<h1>${words.methodTitle}</h1>
    <p class="lead">${words.methodLead}</p>
    ${problemSummary(words, problem)} ${securedForm(visit.address('method'), session.csrf, content)}`;
}
