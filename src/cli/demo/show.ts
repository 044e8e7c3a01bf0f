import { styleText } from 'node:util';
import type { JourneyResult, Narrator } from './journey.ts';
import { characters, table } from './table.ts';

type SeenEvent = JourneyResult['events'][number];

function progressBar(percent: number): string {
  const full = Math.round(percent / 5);
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)} ${String(percent).padStart(3)} %`;
}

function factsOf({ step, progressPercent, counts, account, to, failure }: SeenEvent): string {
  const found = step?.counts ?? counts;
  return [
    progressPercent === undefined ? '' : progressBar(progressPercent),
    step ? `${step.kind.toLowerCase().replaceAll('_', ' ')} ${step.status.toLowerCase()}` : '',
    step?.account?.name ?? account?.name ?? '',
    found && found.created > 0 ? `+${found.created}` : '',
    to ?? '',
    failure ? `${failure.code} ${failure.message}` : '',
  ]
    .filter(Boolean)
    .join('  ');
}

/** Tells the journey to a person, line by line. */
export function narrateTo(write: (line: string) => void): Narrator {
  return {
    step: (text) => write(text.startsWith(' ') ? styleText('dim', text) : `${styleText('green', '▸')} ${text}`),
    event: (event) =>
      write(
        `  ${styleText('dim', `#${event.sequence ?? ''}`.padStart(5))} ${styleText('cyan', event.__typename.padEnd(28))} ${factsOf(event)}`,
      ),
  };
}

/** What the journey brought home, for a person. */
export function showResult(result: JourneyResult): string {
  const heading = (text: string) => `\n${styleText('bold', text)}\n`;
  return [
    heading('Accounts'),
    table(
      [{ title: 'account' }, { title: 'type' }, { title: 'IBAN' }, { title: 'balance', isNumber: true }, { title: '' }],
      result.accounts.map(({ name, type, iban, balance }) => [
        name,
        type,
        iban ?? '—',
        balance?.amount ?? '—',
        balance?.currency ?? '',
      ]),
    ),
    heading(`Last transactions, of ${result.transactionCount}`),
    table(
      [{ title: 'day' }, { title: 'label' }, { title: 'category' }, { title: 'amount', isNumber: true }, { title: '' }],
      result.lastTransactions.map(({ datedOn, label, category, amount, status }) => [
        datedOn,
        characters(label).slice(0, 40).join(''),
        category.label,
        `${amount.amount} ${amount.currency}`,
        status === 'BOOKED' ? '' : status.toLowerCase(),
      ]),
    ),
    heading('Spending by category'),
    table(
      [{ title: 'category' }, { title: 'count', isNumber: true }, { title: 'spent', isNumber: true }],
      result.spending.map(({ category, count, amount, currency }) => [
        category,
        String(count),
        `${amount} ${currency}`,
      ]),
    ),
    '',
  ].join('\n');
}
