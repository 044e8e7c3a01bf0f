import { readCamt } from './camt.ts';
import { readBody } from './client.ts';
import { readMt94x } from './mt94x.ts';
import { wireTransactions, type ReportPage } from './wire.ts';

/**
 * A page of a report by what it is: camt XML, MT94x text, or JSON. The content type is not asked, for banks send text
 * as JSON and JSON as text; the three begin with different signs. Throws BANK_ERROR for what is none of them.
 */
export function readReportPage(body: string): ReportPage {
  const start = body.slice(0, 200).trimStart();
  if (start.startsWith('<')) return readCamt(body.trimStart());
  // SWIFT's envelopes begin with a numbered block, which no JSON does.
  if (start.startsWith(':') || start.startsWith('{1:')) return readMt94x(body);
  return readBody(body, wireTransactions);
}
