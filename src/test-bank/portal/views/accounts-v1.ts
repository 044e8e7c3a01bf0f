import { html } from 'hono/html';
import type { Money } from '../../../kernel/money.ts';
import type { Markup } from '../../pages/layout.ts';
import type { Movement } from '../../ledger/movement.ts';
import { frenchDate, frenchDigits, frenchMoney } from '../../pages/french-format.ts';
import { accountSections, type ListedAccount } from '../listed-account.ts';
import type { Statement } from '../statement.ts';
import type { Visit } from '../visit.ts';

/** The first layout: tables, amounts in two unsigned columns, numbered pages. */
export function accountsV1(visit: Visit, accounts: readonly ListedAccount[], day: string): Markup {
  const { words, person } = visit;
  const sections = accountSections.filter((section) => accounts.some((listed) => listed.section === section));
  return html`<h1>${words.hello(person?.name ?? '')}</h1>
    <p class="lead">${words.asOf(frenchDate(day))}</p>
    ${accounts.length === 0 ? html`<p class="card">${words.noAccounts}</p>` : html``}
    ${sections.map(
      (section) =>
        html`<section class="card groupe" data-groupe="${section}">
          <h2>${words.sections[section]}</h2>
          <table class="tableau-comptes">
            <thead>
              <tr>
                <th scope="col">${words.account}</th>
                <th scope="col">${words.number}</th>
                <th scope="col" class="montant">${words.balance}</th>
              </tr>
            </thead>
            <tbody>
              ${accounts.filter((listed) => listed.section === section).map((listed) => accountRow(visit, listed))}
            </tbody>
          </table>
        </section>`,
    )}`;
}

function accountRow(visit: Visit, listed: ListedAccount): Markup {
  const { words, bank } = visit;
  const { thousands } = bank.scenario().bank.portal;
  return html`<tr class="compte" data-type="${listed.kind}">
    <td>
      <a class="libelle" href="${visit.address('account', listed.account.id)}">${listed.account.name}</a>
      <span class="hint">${words.kinds[listed.kind]}</span>
      ${listed.isClosed ? html`<span class="tag cloture">${words.closed}</span>` : html``}
    </td>
    <td class="numero">${listed.number}</td>
    <td class="montant solde">${frenchMoney(listed.balance, thousands)}</td>
  </tr>`;
}

export function statementV1(visit: Visit, listed: ListedAccount, statement: Statement): Markup {
  const { words, bank } = visit;
  const { thousands } = bank.scenario().bank.portal;
  const rows = [...statement.pending, ...statement.booked];
  return html`<p><a href="${visit.address('accounts')}">← ${words.back}</a></p>
    <h1>${listed.account.name}</h1>
    <p class="muted numero">${words.kinds[listed.kind]} · ${listed.number}</p>
    <dl class="facts soldes">
      <dt>${words.balance}</dt>
      <dd class="solde">${frenchMoney(listed.balance, thousands)}</dd>
      ${
        statement.pending.length > 0
          ? html`<dt>${words.comingBalance}</dt>
              <dd class="solde-a-venir">${frenchMoney(listed.comingBalance, thousands)}</dd>`
          : html``
      }
    </dl>
    <section class="card">
      <h2>${words.statement}</h2>
      ${rows.length === 0 ? html`<p>${words.noMovements}</p>` : movementsTable(visit, rows)}
      ${pageLinks(visit, listed, statement)}
    </section>`;
}

function movementsTable(visit: Visit, rows: readonly Movement[]): Markup {
  const { words } = visit;
  return html`<table class="tableau-operations">
    <thead>
      <tr>
        <th scope="col">${words.date}</th>
        <th scope="col">${words.label}</th>
        <th scope="col" class="facultatif">${words.valueDate}</th>
        <th scope="col" class="montant">${words.debit}</th>
        <th scope="col" class="montant">${words.credit}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((movement) => movementRow(visit, movement))}
    </tbody>
  </table>`;
}

function movementRow({ words, bank }: Visit, movement: Movement): Markup {
  const { thousands } = bank.scenario().bank.portal;
  const { status, money, text } = movement;
  const isDebit = money.amount.startsWith('-');
  const digits = digitsWithCurrency(money, thousands);
  return html`<tr class="${status === 'PENDING' ? 'operation a-venir' : 'operation'}">
    <td class="date">${frenchDate(movement.bookedOn ?? movement.happensOn)}</td>
    <td class="libelle">${text} ${status === 'PENDING' ? html`<span class="tag">${words.pending}</span>` : html``}</td>
    <td class="date-valeur facultatif">${status === 'PENDING' ? '' : frenchDate(movement.valueOn)}</td>
    <td class="montant debit">${isDebit ? digits : ''}</td>
    <td class="montant credit">${isDebit ? '' : digits}</td>
  </tr>`;
}

/** In the columns the currency is only told when it is not the euro. */
function digitsWithCurrency(money: Money, thousands: Parameters<typeof frenchDigits>[1]): string {
  const digits = frenchDigits(money.amount, thousands);
  return money.currency === 'EUR' ? digits : `${digits}\u00A0${money.currency}`;
}

function pageLinks({ words, address }: Visit, { account }: ListedAccount, { page, pageCount }: Statement): Markup {
  if (pageCount === 1) return html``;
  const to = (number: number, label: string, rel: string) =>
    html`<a class="button plain" rel="${rel}" href="${address('account', account.id)}?page=${number}">${label}</a>`;
  return html`<nav class="pagination" aria-label="${words.pagesOf}">
    ${page > 1 ? to(page - 1, words.previous, 'prev') : html``}
    <span>${words.pageOf(page, pageCount)}</span>
    ${page < pageCount ? to(page + 1, words.next, 'next') : html``}
  </nav>`;
}
