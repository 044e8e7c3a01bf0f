import type { Bank } from '../bank.ts';
import type { ConsentUse } from '../consents/use-consent.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import type { ReportedBook } from '../ledger/joined-book.ts';
import { drawDigits } from '../ledger/random.ts';
import { Refusal } from '../refusal.ts';
import type { Switches } from '../scenario/switches.ts';
import { camtDocument } from '../statements/camt.ts';
import { mt940, mt942 } from '../statements/mt94x.ts';
import type { Statement } from '../statements/statement.ts';
import type { TransactionQuery } from './transaction-query.ts';
import { windowOf } from './transaction-window.ts';

export type ReportFormat = 'json' | 'camt-052' | 'camt-053' | 'mt940';

/** The format of a report, by the habit of the bank and, where it negotiates, by Accept in its order. */
export function formatOf(report: Switches['report'], accept: string | undefined): ReportFormat {
  if (report !== 'json' && report !== 'negotiated') return report;
  for (const part of (accept ?? '*/*').toLowerCase().split(',')) {
    const type = part.split(';')[0]?.trim() ?? '';
    if (type === '*/*' || type === 'application/*' || type === 'application/json') return 'json';
    if (report === 'negotiated' && (type === 'application/xml' || type === 'text/xml')) return 'camt-053';
    if (report === 'negotiated' && type.startsWith('text/')) return 'mt940';
  }
  const offered = report === 'json' ? 'application/json' : 'application/json, application/xml and text/plain';
  throw new Refusal(406, 'REQUESTED_FORMATS_INVALID', `This bank writes transactions as ${offered}.`, {
    path: 'Accept',
  });
}

/** A whole report as XML or text: these formats have no pages. */
export function statementAnswer(
  bank: Bank,
  use: ConsentUse,
  book: ReportedBook,
  query: TransactionQuery,
  format: Exclude<ReportFormat, 'json'>,
): Response {
  const statement = statementOf(bank, use, book, query);
  if (format === 'mt940') {
    const text = query.booked ? mt940(statement) : mt942(statement);
    return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  }
  const text = camtDocument(format === 'camt-052' ? 'camt.052' : 'camt.053', statement);
  return new Response(text, { headers: { 'content-type': 'application/xml; charset=utf-8' } });
}

function statementOf(bank: Bank, use: ConsentUse, book: ReportedBook, query: TransactionQuery): Statement {
  const scenario = bank.scenario();
  const { account } = book;
  const { start, end, from, to } = windowOf(bank, use, book, query, null);
  const iban = ibanOf(scenario, account);
  const owner = scenario.people.find(({ id }) => id === account.owners[0]);
  return {
    id: `STM${drawDigits(`${scenario.seed}|${account.id}|${from}|${to}`, 12)}`,
    createdAt: bank.clock.now(),
    number: iban ?? maskedPanOf(scenario, account) ?? account.id,
    isIban: iban !== null,
    bic: scenario.bank.bic,
    holder: owner?.name ?? account.name,
    currency: account.currency,
    from,
    to,
    opening: book.balanceAfter(start - 1),
    closing: book.balanceAfter(end - 1),
    booked: query.booked ? book.booked(start, end) : [],
    pending: query.pending && scenario.bank.switches.pending !== 'none' ? book.pending().toReversed() : [],
  };
}
