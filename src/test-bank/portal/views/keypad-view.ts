import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { Visit } from '../visit.ts';

/**
 * Ten keys in an order of this session. Each key is a button that posts its position, so that the keypad needs no
 * script; with one, the positions gather in the page. A key is read out as its digit.
 */
export function keypadView({ words, fields, session }: Visit, positions: string): Markup {
  const pressed = positions.at(-1);
  return html`<fieldset class="keypad">
    <legend>${words.keypadLegend}</legend>
    <p class="hint" id="keypad-hint">${words.keypadHint}</p>
    <input type="hidden" name="${fields.positions}" value="${positions}" data-keypad-positions />
    <p class="entered" role="status">
      ${words.digitsEntered} <strong data-keypad-count>${positions.length}</strong>
      <span aria-hidden="true" class="dots" data-keypad-dots>${'●'.repeat(positions.length)}</span>
    </p>
    <div class="keys">
      ${session.keypad
        .split('')
        .map(
          (digit, position) =>
            html`<button
              class="key"
              type="submit"
              name="${fields.key}"
              value="${position}"
              ${pressed === String(position) ? html`autofocus` : html``}
            >
              ${digit}
            </button>`,
        )}
    </div>
    <button class="plain small" type="submit" name="${fields.key}" value="clear">${words.clear}</button>
  </fieldset>`;
}

/** Gathers the positions in the page; digits typed on the keyboard press their keys, except in a text field. */
export const keypadScript = `
const field = document.querySelector('[data-keypad-positions]');
const count = document.querySelector('[data-keypad-count]');
const dots = document.querySelector('[data-keypad-dots]');
const keys = [...document.querySelectorAll('.key')];
const set = (value) => {
  field.value = value.slice(0, 12);
  count.textContent = String(field.value.length);
  dots.textContent = '●'.repeat(field.value.length);
};
field.form.addEventListener('submit', (event) => {
  const value = event.submitter?.closest('.keypad') ? event.submitter.value : null;
  if (value === null) return;
  event.preventDefault();
  set(value === 'clear' ? '' : field.value + value);
});
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  if (event.key === 'Backspace') set(field.value.slice(0, -1));
  keys.find((key) => key.textContent.trim() === event.key)?.click();
});
`;
