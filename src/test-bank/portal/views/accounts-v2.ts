import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { Movement } from '../../ledger/movement.ts';
import { frenchDate, frenchMoney } from '../../pages/french-format.ts';
import { accountSections, type ListedAccount } from '../listed-account.ts';
import type { Statement } from '../statement.ts';
import type { Visit } from '../visit.ts';

const minus = '\u2212';

/** The second layout, after the relaunch: cards and lists, signed amounts with a true minus, a link to what is older. */
export function accountsV2(visit: Visit, accounts: readonly ListedAccount[], day: string): Markup {
  const { words, person } = visit;
  const sections = accountSections.filter((section) => accounts.some((listed) => listed.section === section));
  return html`<h1>${words.hello(person?.name ?? '')}</h1>
    <p class="lead">${words.asOf(frenchDate(day))}</p>
    ${accounts.length === 0 ? html`<p class="card">${words.noAccounts}</p>` : html``}
    ${sections.map(
      (section) =>
        html`<section class="section" aria-label="${words.sections[section]}">
          <h2>${words.sections[section]}</h2>
          <ul class="tiles">
            ${accounts.filter((listed) => listed.section === section).map((listed) => tile(visit, listed))}
          </ul>
        </section>`,
    )}`;
}

function tile({ words, bank, address }: Visit, listed: ListedAccount): Markup {
  const { thousands } = bank.scenario().bank.portal;
  return html`<li class="tile" data-account="${listed.account.id}" data-kind="${listed.kind}">
    <a class="tile-name" href="${address('account', listed.account.id)}">${listed.account.name}</a>
    <span class="hint">${words.kinds[listed.kind]}${listed.isClosed ? ` · ${words.closed}` : ''}</span>
    <span class="tile-number">${listed.number}</span>
    <span class="tile-amount">${frenchMoney(listed.balance, thousands, minus)}</span>
  </li>`;
}

export function statementV2(visit: Visit, listed: ListedAccount, statement: Statement): Markup {
  const { words, bank, address } = visit;
  const { thousands } = bank.scenario().bank.portal;
  const isEmpty = statement.pending.length + statement.booked.length === 0;
  return html`<p><a href="${address('accounts')}">← ${words.back}</a></p>
    <div class="hero">
      <h1>${listed.account.name}</h1>
      <p class="tile-number">${listed.number}</p>
      <p class="hero-amount"><span>${words.balance}</span> ${frenchMoney(listed.balance, thousands, minus)}</p>
    </div>
    <h2>${words.statement}</h2>
    ${isEmpty ? html`<p class="card">${words.noMovements}</p>` : html``}
    ${
      statement.pending.length > 0
        ? html`<h3>${words.pending}</h3>
            <ul class="feed" data-feed="pending">
              ${statement.pending.map((movement) => feedItem(visit, movement))}
            </ul>`
        : html``
    }
    ${[...byDay(statement.booked)].map(
      ([day, movements]) =>
        html`<h3><time datetime="${day}">${frenchDate(day)}</time></h3>
          <ul class="feed" data-feed="booked" data-day="${frenchDate(day)}">
            ${movements.map((movement) => feedItem(visit, movement))}
          </ul>`,
    )}
    ${
      statement.before === null
        ? html``
        : html`<p>
            <a
              class="button plain"
              rel="next"
              href="${address('account', listed.account.id)}?before=${statement.before}"
              >${words.earlier}</a
            >
          </p>`
    }`;
}

function feedItem({ words, bank }: Visit, movement: Movement): Markup {
  const { thousands } = bank.scenario().bank.portal;
  const isCredit = !movement.money.amount.startsWith('-');
  return html`<li class="feed-item" data-operation="${movement.id}">
    <span class="feed-text">
      ${movement.text}
      <span class="hint"
        >${
          movement.status === 'PENDING'
            ? frenchDate(movement.happensOn)
            : html`${words.valueDate} <span class="feed-value-date">${frenchDate(movement.valueOn)}</span>`
        }</span
      >
    </span>
    <span class="feed-amount${isCredit ? ' in' : ''}">${frenchMoney(movement.money, thousands, minus, '+')}</span>
  </li>`;
}

function byDay(movements: readonly Movement[]): Map<string, Movement[]> {
  const days = new Map<string, Movement[]>();
  for (const movement of movements) {
    const day = movement.bookedOn ?? movement.happensOn;
    const sameDay = days.get(day);
    if (sameDay) sameDay.push(movement);
    else days.set(day, [movement]);
  }
  return days;
}
