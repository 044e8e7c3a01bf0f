import { styleText } from 'node:util';
import { table } from '../demo/table.ts';
import type { ScenarioReport } from './scenario-report.ts';

const textWidth = 72;

/** The report for a person at a terminal. */
export function shownReport({ bank, profile, day, people, accounts, next }: ScenarioReport): string {
  const heading = `${styleText('bold', bank)}, ${day}${profile === null ? '' : `, profile ${profile}`}`;
  const login = [{ title: 'login' }, { title: 'password' }, { title: 'name' }];
  const account = [
    { title: 'account' },
    { title: 'type' },
    { title: 'name' },
    { title: 'number' },
    { title: 'booked', isNumber: true },
    { title: 'pending', isNumber: true },
    { title: 'balance', isNumber: true },
  ];
  const transaction = [
    { title: 'booked on' },
    { title: 'account' },
    { title: 'amount', isNumber: true },
    { title: 'text' },
  ];
  return [
    heading,
    '',
    table(
      login,
      people.map((person) => [person.login, person.password, person.name]),
    ),
    '',
    table(
      account,
      accounts.map(({ id, type, name, number, booked, pending, balance }) => [
        id,
        type,
        name,
        number ?? '',
        String(booked),
        String(pending),
        `${balance.amount} ${balance.currency}`,
      ]),
    ),
    ...(next.length === 0
      ? []
      : [
          '',
          table(
            transaction,
            next.map(({ bookedOn, account: id, money, text }) => [
              bookedOn,
              id,
              `${money.amount} ${money.currency}`,
              text.slice(0, textWidth),
            ]),
          ),
        ]),
    '',
  ].join('\n');
}
