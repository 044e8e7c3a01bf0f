import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { Money } from '../../kernel/money.ts';
import type { Movement } from '../ledger/movement.ts';
import { transactionCodes } from '../ledger/transaction-codes.ts';
import type { Statement } from './statement.ts';
import { element, optional, xmlDocument, type Xml } from './xml.ts';

type CamtVersion = 'camt.052' | 'camt.053';

const names = {
  'camt.052': { message: 'BkToCstmrAcctRpt', report: 'Rpt', closing: 'ITBD' },
  'camt.053': { message: 'BkToCstmrStmt', report: 'Stmt', closing: 'CLBD' },
} as const satisfies Record<CamtVersion, object>;

/** A statement as camt.052.001.02 (with pending entries) or camt.053.001.02 (booked ones only) of ISO 20022. */
export function camtDocument(version: CamtVersion, statement: Statement): string {
  const { message, report, closing } = names[version];
  const createdAt = statement.createdAt.toISOString();
  const pending = version === 'camt.052' ? statement.pending : [];
  const root = element(
    'Document',
    element(message, [
      element('GrpHdr', [element('MsgId', statement.id), element('CreDtTm', createdAt)]),
      element(report, [
        element('Id', statement.id),
        element('ElctrncSeqNb', '1'),
        element('CreDtTm', createdAt),
        element('FrToDt', [
          element('FrDtTm', `${statement.from}T00:00:00.000Z`),
          element('ToDtTm', `${statement.to}T23:59:59.000Z`),
        ]),
        accountOf(statement),
        balance('OPBD', statement.opening, statement.from),
        balance(closing, statement.closing, statement.to),
        ...[...statement.booked, ...pending].map(entry),
      ]),
    ]),
    { xmlns: `urn:iso:std:iso:20022:tech:xsd:${version}.001.02` },
  );
  return xmlDocument(root);
}

function accountOf({ number, isIban, currency, holder, bic }: Statement): Xml {
  return element('Acct', [
    element('Id', isIban ? element('IBAN', number) : element('Othr', element('Id', number))),
    element('Ccy', currency),
    element('Ownr', element('Nm', holder.slice(0, 140))),
    element('Svcr', element('FinInstnId', element('BIC', bic))),
  ]);
}

function balance(code: string, money: Money, day: CalendarDate): Xml {
  return element('Bal', [
    element('Tp', element('CdOrPrtry', element('Cd', code))),
    ...amountOf(money),
    element('Dt', element('Dt', day)),
  ]);
}

/** camt has no signs: the indicator tells. */
function amountOf({ amount, currency }: Money): Xml[] {
  return [
    element('Amt', amount.replace('-', ''), { Ccy: currency }),
    element('CdtDbtInd', amount.startsWith('-') ? 'DBIT' : 'CRDT'),
  ];
}

function entry(movement: Movement): Xml {
  const { reference, money, status, bookedOn, valueOn, kind } = movement;
  return element('Ntry', [
    element('NtryRef', reference),
    ...amountOf(money),
    element('Sts', status === 'BOOKED' ? 'BOOK' : 'PDNG'),
    bookedOn === null ? null : element('BookgDt', element('Dt', bookedOn)),
    element('ValDt', element('Dt', valueOn)),
    element('AcctSvcrRef', movement.id),
    bankTransactionCode(transactionCodes[kind]),
    element('NtryDtls', element('TxDtls', [references(movement), parties(movement), remittance(movement)])),
  ]);
}

function bankTransactionCode(code: string): Xml {
  const [domain = '', family = '', subFamily = ''] = code.split('-');
  return element(
    'BkTxCd',
    element('Domn', [element('Cd', domain), element('Fmly', [element('Cd', family), element('SubFmlyCd', subFamily)])]),
  );
}

function references({ counterparty }: Movement): Xml {
  return element('Refs', [element('EndToEndId', 'NOTPROVIDED'), optional('MndtId', counterparty?.mandateId)]);
}

function parties({ counterparty, merchant, money }: Movement): Xml | null {
  const name = counterparty?.name ?? merchant?.name;
  if (name === undefined) return null;
  const party = money.amount.startsWith('-') ? 'Cdtr' : 'Dbtr';
  const iban = counterparty?.iban;
  return element('RltdPties', [
    element(party, element('Nm', name)),
    iban === undefined ? null : element(`${party}Acct`, element('Id', element('IBAN', iban))),
  ]);
}

function remittance({ text }: Movement): Xml {
  const lines = Array.from({ length: Math.ceil(text.length / 140) }, (_, line) =>
    text.slice(line * 140, (line + 1) * 140),
  );
  return element(
    'RmtInf',
    lines.map((line) => element('Ustrd', line)),
  );
}
