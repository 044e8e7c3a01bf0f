import { parseIban } from '../../kernel/iban.ts';
import { toMinorUnits } from '../../kernel/money.ts';
import { checkVolume } from './check-volume.ts';
import type { Finding } from './finding.ts';
import type { Scenario, ScenarioAccount } from './schema.ts';
import type { TransactionRule } from './transaction-rule.ts';
import type { AmountOrRange } from './values.ts';

/** What no shape can tell: names that must exist, be unique, or agree with each other. */
export function checkReferences(scenario: Scenario): Finding[] {
  const people = new Set(scenario.people.map((person) => person.id));
  return [
    ...duplicates(scenario.people, 'people', 'id'),
    ...duplicates(scenario.people, 'people', 'login'),
    ...duplicates(scenario.thirdParties, 'thirdParties', 'clientId'),
    ...duplicates(scenario.accounts, 'accounts', 'id'),
    ...scenario.people.flatMap((person, index) =>
      person.login.startsWith('error.')
        ? [
            {
              path: ['people', index, 'login'],
              problem: 'Logins that begin with "error." produce failures.',
              remedy: 'Choose another login.',
            },
          ]
        : [],
    ),
    ...scenario.people.flatMap((person, index) =>
      scenario.bank.portal.keypad !== 'none' && !/^\d{4,12}$/.test(person.password)
        ? [
            {
              path: ['people', index, 'password'],
              problem: 'This password cannot be typed on the keypad of the portal.',
              remedy: 'Use 4 to 12 digits, or set "keypad" to none.',
            },
          ]
        : [],
    ),
    ...scenario.accounts.flatMap((account, index) => checkAccount(scenario, account, ['accounts', index], people)),
    ...checkVolume(scenario),
    ...scenario.faults.flatMap((fault, index) =>
      Date.parse(fault.until) <= Date.parse(fault.from)
        ? [
            {
              path: ['faults', index, 'until'],
              problem: 'The fault ends before it begins.',
              remedy: 'Make "until" later than "from".',
            },
          ]
        : [],
    ),
  ];
}

function duplicates<Key extends string>(items: readonly Record<Key, string>[], list: string, key: Key): Finding[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const value = item[key];
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [
      {
        path: [list, index, key],
        problem: `The ${key} "${value}" is used twice.`,
        remedy: `Give each of the ${list} its own ${key}.`,
      },
    ];
  });
}

function checkAccount(
  scenario: Scenario,
  account: ScenarioAccount,
  path: PropertyKey[],
  people: Set<string>,
): Finding[] {
  const findings: Finding[] = account.owners.flatMap((owner, index) =>
    people.has(owner)
      ? []
      : [
          {
            path: [...path, 'owners', index],
            problem: `No person has the id "${owner}".`,
            remedy: `Use one of: ${[...people].join(', ')}.`,
          },
        ],
  );
  if (account.iban !== undefined && !parseIban(account.iban)) {
    findings.push({
      path: [...path, 'iban'],
      problem: 'The checksum or the form of this IBAN is wrong.',
      remedy: 'Correct it, or leave it out and one is drawn by seed.',
    });
  }
  if (account.opensOn && account.closesOn && account.closesOn <= account.opensOn) {
    findings.push({
      path: [...path, 'closesOn'],
      problem: 'The account closes before it opens.',
      remedy: 'Make "closesOn" later than "opensOn".',
    });
  }
  findings.push(...checkAmount(account.openingBalance, account.currency, [...path, 'openingBalance']));
  if (account.creditLimit !== undefined)
    findings.push(...checkAmount(account.creditLimit, account.currency, [...path, 'creditLimit']));
  const payer = account.deferredDebit?.account;
  if (payer !== undefined) {
    const other = scenario.accounts.find((candidate) => candidate.id === payer);
    if (!other || other.id === account.id || other.deferredDebit) {
      findings.push({
        path: [...path, 'deferredDebit', 'account'],
        problem: `"${payer}" is not an account that can pay this card.`,
        remedy: 'Name the id of an account without deferred debit.',
      });
    } else if (other.currency !== account.currency) {
      findings.push({
        path: [...path, 'deferredDebit', 'account'],
        problem: 'The card and the account that pays it differ in currency.',
        remedy: `Use an account in ${account.currency}.`,
      });
    }
  }
  const ids = account.transactions.map((rule, index) => ({ id: rule.id ?? `#${index}` }));
  findings.push(
    ...duplicates(ids, 'transactions', 'id').map((finding) => ({ ...finding, path: [...path, ...finding.path] })),
  );
  findings.push(
    ...account.transactions.flatMap((rule, index) =>
      checkRule(rule, account.currency, [...path, 'transactions', index]),
    ),
  );
  return findings;
}

function checkRule(rule: TransactionRule, currency: string, path: PropertyKey[]): Finding[] {
  const findings = checkAmount(rule.amount, currency, [...path, 'amount']);
  const schedules = [rule.on, rule.every, rule.monthly].filter((schedule) => schedule !== undefined);
  if (schedules.length !== 1) {
    findings.push({
      path,
      problem: schedules.length === 0 ? 'Nothing says when this happens.' : 'More than one schedule.',
      remedy: 'Write exactly one of: on, every, monthly.',
    });
  }
  if (rule.foreign?.currency === currency) {
    findings.push({
      path: [...path, 'foreign', 'currency'],
      problem: `${currency} is the currency of the account.`,
      remedy: 'Name another currency, or leave "foreign" out.',
    });
  }
  const span = rule.every ?? rule.monthly;
  if (span?.from && span.until && span.until < span.from) {
    findings.push({
      path: [...path, rule.every ? 'every' : 'monthly', 'until'],
      problem: 'The rule ends before it begins.',
      remedy: 'Make "until" the same day as "from" or later.',
    });
  }
  const { pending } = rule;
  if (pending && (pending.outcome === 'changes-amount') !== (pending.bookedAmount !== undefined)) {
    findings.push({
      path: [...path, 'pending'],
      problem: '"bookedAmount" and the outcome "changes-amount" belong together.',
      remedy: 'Write both or neither.',
    });
  }
  if (pending?.bookedAmount !== undefined)
    findings.push(...checkAmount(pending.bookedAmount, currency, [...path, 'pending', 'bookedAmount']));
  if (/\{(merchant|city)\}/.test(rule.text) && !rule.merchants) {
    findings.push({
      path: [...path, 'text'],
      problem: 'The text names a merchant, but there is none.',
      remedy: 'Add "merchants".',
    });
  }
  if (rule.text.includes('{counterparty}') && !rule.counterparty) {
    findings.push({
      path: [...path, 'text'],
      problem: 'The text names a counterparty, but there is none.',
      remedy: 'Add "counterparty".',
    });
  }
  return findings;
}

function checkAmount(amount: AmountOrRange, currency: string, path: PropertyKey[]): Finding[] {
  const [low, high] = typeof amount === 'object' ? [amount.min, amount.max] : [amount, amount];
  const from = toMinorUnits(String(low), currency);
  const to = toMinorUnits(String(high), currency);
  if (from === null || to === null) {
    return [
      { path, problem: `Too many decimals for ${currency}.`, remedy: `Write no more decimals than ${currency} has.` },
    ];
  }
  return from > to
    ? [{ path, problem: '"min" is more than "max".', remedy: 'Exchange them; for debits, -50 is less than -10.' }]
    : [];
}
