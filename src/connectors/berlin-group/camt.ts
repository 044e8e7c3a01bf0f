import { readCamtExchange } from './camt-exchange.ts';
import type { ReportPage } from './wire.ts';
import { elementsAt, textAt, visitElements, type XmlElement } from './xml.ts';

const reportNames = ['Rpt', 'Stmt', 'Ntfctn'] as const;

/**
 * Entries of a camt.052, camt.053 or camt.054 document (ISO 20022 BankToCustomer…, versions 001.02 and later) in the
 * words of NextGenPSD2, so that one set of rules normalises them. An entry (`Ntry`) is what moves the balance: a batch
 * stays one entry, and tells its parties only where it has one. Entries that are for information or for a future day
 * (INFO, FUTR) are none yet; one of another status counts as an entry that cannot be used, and is not passed over in silence.
 */
export function readCamt(xml: string): ReportPage {
  const booked: object[] = [];
  const pending: object[] = [];
  const around = visitElements(xml, 'Ntry', (entry) => {
    // Version 8 and later wrap the status in a code.
    const status = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts');
    if (status === 'BOOK') booked.push(wireEntry(entry));
    else if (status === 'PDNG') pending.push(wireEntry(entry));
    else if (status !== 'INFO' && status !== 'FUTR') booked.push({ entryReference: textAt(entry, 'NtryRef') });
  });
  return { booked, pending, next: null, isReport: reportNames.some((name) => around.has(name)) };
}

function wireEntry(entry: XmlElement): object {
  const details = elementsAt(entry, 'NtryDtls', 'TxDtls');
  const only = details.length === 1 ? details[0] : undefined;
  const [amount] = elementsAt(entry, 'Amt');
  return {
    entryReference: textAt(entry, 'NtryRef'),
    transactionId: textAt(entry, 'AcctSvcrRef') ?? (only && textAt(only, 'Refs', 'AcctSvcrRef')),
    transactionAmount: { amount: amount?.text.trim(), currency: amount?.attributes['Ccy'] },
    creditDebitIndicator: textAt(entry, 'CdtDbtInd'),
    bookingDate: textAt(entry, 'BookgDt', 'Dt'),
    bookingDateTime: textAt(entry, 'BookgDt', 'DtTm'),
    valueDate: textAt(entry, 'ValDt', 'Dt'),
    valueDateTime: textAt(entry, 'ValDt', 'DtTm'),
    bankTransactionCode: domainCode(entry),
    proprietaryBankTransactionCode: textAt(entry, 'BkTxCd', 'Prtry', 'Cd'),
    ...(only ? wireDetails(only) : {}),
    ...readCamtExchange(only ? [only, entry] : [entry], amount?.attributes['Ccy']),
    remittanceInformationUnstructuredArray: details.flatMap(remittanceLines),
    additionalInformation: textAt(entry, 'AddtlNtryInf') ?? (only && textAt(only, 'AddtlTxInf')),
  };
}

function wireDetails(details: XmlElement): object {
  return {
    endToEndId: textAt(details, 'Refs', 'EndToEndId'),
    mandateId: textAt(details, 'Refs', 'MndtId'),
    checkId: textAt(details, 'Refs', 'ChqNb'),
    // Under the SEPA rules the creditor's identifier is a private identification, though creditors are firms.
    creditorId: textAt(details, 'RltdPties', 'Cdtr', 'Id', 'PrvtId', 'Othr', 'Id'),
    creditorName: partyName(details, 'Cdtr'),
    ultimateCreditor: partyName(details, 'UltmtCdtr'),
    creditorAccount: { iban: textAt(details, 'RltdPties', 'CdtrAcct', 'Id', 'IBAN') },
    debtorName: partyName(details, 'Dbtr'),
    ultimateDebtor: partyName(details, 'UltmtDbtr'),
    debtorAccount: { iban: textAt(details, 'RltdPties', 'DbtrAcct', 'Id', 'IBAN') },
  };
}

/** Version 8 and later put a party within `Pty`. */
function partyName(details: XmlElement, party: string): string | undefined {
  return textAt(details, 'RltdPties', party, 'Nm') ?? textAt(details, 'RltdPties', party, 'Pty', 'Nm');
}

function domainCode(entry: XmlElement): string | undefined {
  const parts = [
    textAt(entry, 'BkTxCd', 'Domn', 'Cd'),
    textAt(entry, 'BkTxCd', 'Domn', 'Fmly', 'Cd'),
    textAt(entry, 'BkTxCd', 'Domn', 'Fmly', 'SubFmlyCd'),
  ];
  return parts[0] === undefined ? undefined : parts.map((part) => part ?? 'NTAV').join('-');
}

/** A text of more than 140 characters stands in several elements, cut wherever the limit fell. */
function remittanceLines(details: XmlElement): string[] {
  const lines: string[] = [];
  let isContinued = false;
  for (const { text } of elementsAt(details, 'RmtInf', 'Ustrd')) {
    const last = lines.length - 1;
    if (isContinued) lines[last] += text;
    else lines.push(text);
    isContinued = text.length === 140;
  }
  const structured = elementsAt(details, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref').map(({ text }) => text);
  return [...lines, ...structured].filter((line) => line !== '');
}
