import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import { phonePath } from '../phone/address.ts';
import { frenchDate } from './french-format.ts';
import { page, type Markup } from './layout.ts';
import { texts, type Language } from './texts.ts';

/** The front door: what this bank is, where its faces are, who can log in. */
export function landingPage(
  bank: Bank,
  language: Language,
  faces: readonly { name: string; path: string }[],
  hasControl: boolean,
): Markup {
  const { bank: profile, people } = bank.scenario();
  const words = texts[language];
  const isFrench = language === 'fr';
  const body = html`<h1>${profile.name}</h1>
    <p class="lead">
      ${isFrench ? 'Une banque simulée qui parle les protocoles de la DSP2. Date de la banque :' : 'A simulated bank that speaks the protocols of PSD2. Date of the bank:'}
      <strong>${frenchDate(bank.ledger().day)}</strong>
    </p>
    <p class="actions">
      <a class="button" href="/portal">${isFrench ? 'Banque en ligne' : 'Online banking'}</a>
      <a class="button plain" href="${phonePath}">${isFrench ? 'Téléphone simulé' : 'Simulated phone'}</a>
    </p>
    <section class="card">
      <h2>Interfaces</h2>
      <table>
        <tbody>
          ${faces.map(
            (face) =>
              html`<tr>
                <th scope="row">${face.name}</th>
                <td><code>${face.path}</code></td>
              </tr>`,
          )}
          ${
            hasControl
              ? html`<tr>
                  <th scope="row">Control</th>
                  <td>
                    <a href="/control/clock"><code>/control</code></a>
                  </td>
                </tr>`
              : html``
          }
        </tbody>
      </table>
    </section>
    <section class="card note">
      <h2>${words.testLogins}</h2>
      <table>
        <tbody>
          ${people.slice(0, 8).map(
            (person) =>
              html`<tr>
                <td>${person.name}</td>
                <td><code>${person.login}</code></td>
                <td><code>${person.password}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="muted">${words.testLoginsHint}</p>
    </section>`;
  return page({ bankName: profile.name, language, title: profile.name, body });
}
