import { expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../src/test-bank/scenario/json-schema.ts';
import { loadScenario, ScenarioInvalid } from '../../src/test-bank/scenario/load-scenario.ts';
import { parseScenario } from '../../src/test-bank/scenario/parse-scenario.ts';

test('tells every mistake at once, with line, column, path and remedy, in the order of the file', () => {
  const { problems } = parseScenario(`seed: s
epoch: 2026-02-30
bank:
  name: B
  pageSize: 0
  colour: blue
  switches: { amounts: words }
people:
  - { id: a, name: A, login: a, password: p }
accounts:
  - id: one
    owners: [a]
    type: current
    name: One
    openingBalance: 1.000,50
    transactions:
      - text: coffee
`);
  expect(problems?.map(({ line, column, path, remedy }) => `${line}:${column} ${path} | ${remedy}`))
    .toMatchInlineSnapshot(`
      [
        "2:8 epoch | Write a day that exists, written YYYY-MM-DD.",
        "5:13 bank.pageSize | The least is 1.",
        "6:3 bank | Remove it, or see the JSON Schema for the keys of this place.",
        "7:24 bank.switches.amounts | Use one of: string, number, mixed, one-decimal.",
        "13:11 accounts[0].type | Use one of: checking, savings, card, loan, life-insurance, securities.",
        "15:21 accounts[0].openingBalance | Write an amount such as -12.50: digits, at most one point, no thousands separator.",
        "17:9 accounts[0].transactions[0].amount | Write an amount such as -12.50, or { min, max }.",
      ]
    `);
});

test('tells what does not fit together: names, ids, amounts, spans', () => {
  const { problems } = parseScenario(`seed: s
epoch: 2026-01-01
bank: { name: B }
people:
  - { id: a, name: A, login: a, password: p }
  - { id: a, name: B, login: error.x, password: p }
accounts:
  - id: one
    owners: [nobody]
    type: card
    iban: FR7612345678901234567890123
    name: One
    openingBalance: "0.001"
    deferredDebit: { account: one }
    transactions:
      - { on: 2026-01-02, every: { days: 1 }, amount: { min: "5", max: "1" }, text: "{merchant}" }
      - { every: { days: 1, from: 2026-02-01, until: 2026-01-01 }, amount: "1", text: x }
      - { every: { days: 1 }, times: 1000, amount: "1", text: x }
faults:
  - { kind: timeout, from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z }
`);
  expect(problems?.map(({ line, path, problem }) => `${line} ${path} | ${problem}`)).toMatchInlineSnapshot(`
    [
      "6 people[1].id | The id "a" is used twice.",
      "6 people[1].login | Logins that begin with "error." produce failures.",
      "9 accounts[0].owners[0] | No person has the id "nobody".",
      "11 accounts[0].iban | The checksum or the form of this IBAN is wrong.",
      "13 accounts[0].openingBalance | Too many decimals for EUR.",
      "14 accounts[0].deferredDebit.account | "one" is not an account that can pay this card.",
      "16 accounts[0].transactions | These rules yield about 27029001 transactions by 2100-01-01; an account holds at most 1000000.",
      "16 accounts[0].transactions[0] | More than one schedule.",
      "16 accounts[0].transactions[0].amount | "min" is more than "max".",
      "16 accounts[0].transactions[0].text | The text names a merchant, but there is none.",
      "17 accounts[0].transactions[1].every.until | The rule ends before it begins.",
      "20 faults[0].until | The fault ends before it begins.",
    ]
  `);
});

test('tells broken YAML and JSON by place', () => {
  expect(parseScenario('seed: [1,\nepoch').problems?.[0]).toMatchObject({ line: 2 });
  expect(parseScenario('{ "seed": "a" "b" }').problems?.[0]).toMatchObject({ line: 1, column: 15 });
  expect(parseScenario('').problems).toMatchObject([{ line: 1, column: 1 }]);
  expect(parseScenario('bank: { name: B }').problems?.map(({ path, problem }) => `${path}: ${problem}`)).toContain(
    'people: This key is missing.',
  );
});

test('refuses a bomb of aliases and a text without end', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(9)}]`),
  ];
  expect(parseScenario(bomb.join('\n')).problems).toMatchObject([{ remedy: 'Use fewer aliases.' }]);
  expect(parseScenario('x'.repeat(1_000_001)).problems).toHaveLength(1);
});

test('names the file that cannot be read', async () => {
  await expect(loadScenario('/nowhere/bank.yaml')).rejects.toThrow(ScenarioInvalid);
  await expect(loadScenario('/nowhere/bank.yaml')).rejects.toThrow(
    '/nowhere/bank.yaml:1:1 The file cannot be read (ENOENT)',
  );
});

test('publishes the JSON Schema that editors use (vitest -u writes it)', async () => {
  await expect(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../src/test-bank/scenario/scenario.schema.json',
  );
});
