import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { ScenarioProblem } from '../../scenario/parse-scenario.ts';
import type { Visit } from '../visit.ts';
import { problemSummary, securedForm, textField, type Problem } from './form.ts';
import { keypadView } from './keypad-view.ts';

export interface LoginState {
  readonly login: string;
  readonly scenarioAddress: string;
  /** The positions pressed so far, where there is a keypad. */
  readonly positions: string;
  readonly problem: Problem | null;
  /** The mistakes of the scenario file that was named. */
  readonly places: readonly ScenarioProblem[];
  /** Something to tell that is no mistake of the form. */
  readonly notice: string | null;
}

const placesShownMax = 20;
const testLoginsMax = 8;

/** The log-in form: customer number, password or keypad, and the address of a scenario. */
export function loginView(visit: Visit, state: LoginState): Markup {
  const { words, fields, session, bank } = visit;
  const { portal } = bank.scenario().bank;
  const { problem } = state;
  const hasKeypad = portal.keypad !== 'none';
  const content = html`${
      // A disabled default button keeps the Enter key in a field from pressing the first key of the keypad.
      hasKeypad ? html`<button type="submit" hidden disabled></button>` : html``
    }
    ${textField({
      name: fields.login,
      label: words.customerNumber,
      hint: words.customerNumberHint,
      value: state.login,
      autocomplete: 'username',
      lengthMax: 70,
      problem,
    })}
    ${
      hasKeypad
        ? keypadView(visit, state.positions)
        : textField({
            name: fields.password,
            label: words.password,
            type: 'password',
            autocomplete: 'current-password',
            lengthMax: 70,
            problem,
          })
    }
    <details ${state.scenarioAddress === '' ? html`` : html`open`}>
      <summary>${words.testOptions}</summary>
      ${textField({
        name: 'scenario',
        label: words.scenario,
        hint: words.scenarioHint,
        type: 'url',
        value: state.scenarioAddress,
        autocomplete: 'off',
        isOptional: true,
        lengthMax: 2000,
        problem,
      })}
    </details>
    <div class="actions"><button type="submit">${words.signIn}</button></div>`;
  return html`<h1>${words.signInTitle}</h1>
    ${state.notice === null ? html`` : html`<p class="notice" role="status">${state.notice}</p>`}
    ${problemSummary(words, problem, placesView(visit, state.places))}
    ${securedForm(visit.address('login'), session.csrf, content)} ${testLogins(visit)}`;
}

/** Where a scenario file is wrong. What is wrong is told in English, as everywhere else. */
function placesView({ words }: Visit, places: readonly ScenarioProblem[]): Markup {
  if (places.length === 0) return html``;
  const more = places.length - placesShownMax;
  return html`<ul class="places">
      ${places.slice(0, placesShownMax).map(
        ({ line, column, path, problem, remedy }) =>
          html`<li>
            ${words.lineAndColumn(line, column)} <span lang="en"><code>${path}</code> ${problem} ${remedy}</span>
          </li>`,
      )}
    </ul>
    ${more > 0 ? html`<p>${words.moreProblems(more)}</p>` : html``}`;
}

function testLogins({ words, bank }: Visit): Markup {
  return html`<section class="card note" aria-labelledby="test-logins">
    <h2 id="test-logins">${words.testLogins}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.customerNumber}</th>
          <th scope="col">${words.password}</th>
        </tr>
      </thead>
      <tbody>
        ${bank
          .scenario()
          .people.slice(0, testLoginsMax)
          .map(
            ({ login, password }) =>
              html`<tr>
                <td><code>${login}</code></td>
                <td><code>${password}</code></td>
              </tr>`,
          )}
      </tbody>
    </table>
    <p class="muted">${words.testLoginsHint}</p>
  </section>`;
}
