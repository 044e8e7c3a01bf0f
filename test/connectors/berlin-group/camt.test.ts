import { expect, test } from 'vitest';
import { readCamt } from '../../../src/connectors/berlin-group/camt.ts';

function camt(entries: string, report = 'Rpt'): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt><GrpHdr><MsgId>1</MsgId></GrpHdr><${report}><Id>1</Id>${entries}</${report}></BkToCstmrAcctRpt></Document>`;
}

test('a direct debit of version 8 comes out whole', () => {
  const xml =
    camt(`<Ntry><NtryRef>17</NtryRef><Amt Ccy="EUR">54.90</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><DtTm>2026-03-03T00:00:00+01:00</DtTm></ValDt><AcctSvcrRef>2026030212345</AcctSvcrRef>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn><Prtry><Cd>NDDT+105+931</Cd></Prtry></BkTxCd>
    <NtryDtls><TxDtls><Refs><EndToEndId>RF18</EndToEndId><MndtId>M-77</MndtId><ChqNb>12</ChqNb></Refs>
      <RltdPties><Dbtr><Pty><Nm>Alice Martin</Nm></Pty></Dbtr><Cdtr><Pty><Nm>EDF</Nm></Pty><Id><PrvtId><Othr><Id>FR72ZZZ123456</Id></Othr></PrvtId></Id></Cdtr>
      <CdtrAcct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></CdtrAcct><UltmtCdtr><Nm>EDF Clients</Nm></UltmtCdtr></RltdPties>
      <RmtInf><Ustrd>Facture &amp; solde</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>
    <AddtlNtryInf>FOLGELASTSCHRIFT</AddtlNtryInf></Ntry>`);
  const page = readCamt(xml);
  expect(page).toMatchObject({ isReport: true, pending: [], next: null });
  expect(page.booked).toEqual([
    {
      entryReference: '17',
      transactionId: '2026030212345',
      transactionAmount: { amount: '54.90', currency: 'EUR' },
      creditDebitIndicator: 'DBIT',
      bookingDate: '2026-03-02',
      valueDateTime: '2026-03-03T00:00:00+01:00',
      bankTransactionCode: 'PMNT-RDDT-ESDD',
      proprietaryBankTransactionCode: 'NDDT+105+931',
      endToEndId: 'RF18',
      mandateId: 'M-77',
      checkId: '12',
      creditorId: 'FR72ZZZ123456',
      creditorName: 'EDF',
      ultimateCreditor: 'EDF Clients',
      creditorAccount: { iban: 'FR7630006000011234567890189' },
      debtorName: 'Alice Martin',
      debtorAccount: {},
      remittanceInformationUnstructuredArray: ['Facture & solde', 'RF18539007547034'],
      additionalInformation: 'FOLGELASTSCHRIFT',
    },
  ]);
});

test('a batch is one entry, which has its texts and no party', () => {
  const details = ['A', 'B'].map(
    (name) =>
      `<TxDtls><RltdPties><Cdtr><Nm>${name}</Nm></Cdtr></RltdPties><RmtInf><Ustrd>for ${name}</Ustrd></RmtInf></TxDtls>`,
  );
  const xml = camt(
    `<Ntry><Amt Ccy="EUR">3</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls>${details.join('')}</NtryDtls></Ntry>`,
    'Stmt',
  );
  const [entry] = readCamt(xml).booked;
  expect(entry).toMatchObject({ remittanceInformationUnstructuredArray: ['for A', 'for B'] });
  expect(entry).not.toHaveProperty('creditorName');
});

const exchanged = (details: string, entry = '') =>
  readCamt(
    camt(
      `<Ntry><Amt Ccy="EUR">12.30</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>${entry}<NtryDtls>${details}</NtryDtls></Ntry>`,
    ),
  ).booked[0];
const amountDetails = (parts: string) => `<AmtDtls>${parts}</AmtDtls>`;
const rate =
  '<CcyXchg><SrcCcy>EUR</SrcCcy><TrgtCcy>NZD</TrgtCcy><UnitCcy>EUR</UnitCcy><XchgRate>1.81</XchgRate></CcyXchg>';
const readRate = { sourceCurrency: 'EUR', targetCurrency: 'NZD', unitCurrency: 'EUR', exchangeRate: '1.81' };

test.each([
  ['what was instructed', '<InstdAmt><Amt Ccy="NZD">22.26</Amt></InstdAmt>', '22.26', undefined],
  [
    'what was moved, as the instruction was in euros',
    `<InstdAmt><Amt Ccy="EUR">12.30</Amt></InstdAmt><TxAmt><Amt Ccy="NZD"> 22.26 </Amt>${rate}</TxAmt>`,
    '22.26',
    [readRate],
  ],
  ['its counter value', `<CntrValAmt><Amt Ccy="NZD">22.30</Amt>${rate}</CntrValAmt>`, '22.30', [readRate]],
])('an amount in another currency is %s', (_, parts, amount, currencyExchange) => {
  const foreign = {
    originalAmount: { amount, currency: 'NZD' },
    ...(currencyExchange === undefined ? {} : { currencyExchange }),
  };
  expect(exchanged(`<TxDtls>${amountDetails(parts)}</TxDtls>`)).toMatchObject(foreign);
  // Some banks write it beside the transaction's details.
  expect(exchanged('<TxDtls/>', amountDetails(parts))).toMatchObject(foreign);
});

test('the amounts of a batch are of its parts, and a booked amount that is repeated is no other', () => {
  const part = `<TxDtls>${amountDetails('<InstdAmt><Amt Ccy="NZD">22.26</Amt></InstdAmt>')}</TxDtls>`;
  expect(exchanged(part + part)).not.toHaveProperty('originalAmount');
  const repeated = `<TxDtls>${amountDetails('<TxAmt><Amt Ccy="EUR">12.30</Amt></TxAmt>')}</TxDtls>`;
  expect(exchanged(repeated)).not.toHaveProperty('originalAmount');
});

test('entries are booked, pending, or for information only', () => {
  const entry = (status: string) => `<Ntry><Amt Ccy="EUR">1</Amt><Sts>${status}</Sts></Ntry>`;
  const page = readCamt(camt(['BOOK', 'PDNG', 'INFO', 'FUTR'].map(entry).join('')));
  expect([page.booked.length, page.pending.length]).toEqual([1, 1]);
});

test('an entry of a status that nobody knows, or of none, is one that cannot be used', () => {
  const entry = (status: string) =>
    `<Ntry><NtryRef>r</NtryRef><Amt Ccy="EUR">1</Amt><BookgDt><Dt>2026-03-01</Dt></BookgDt>${status}</Ntry>`;
  const page = readCamt(camt(['<Sts>HELD</Sts>', '<Sts></Sts>', ''].map(entry).join('')));
  expect(page).toMatchObject({ booked: [{ entryReference: 'r' }, { entryReference: 'r' }, { entryReference: 'r' }] });
  expect(JSON.stringify(page.booked)).not.toContain('transactionAmount');
  expect(page.pending).toEqual([]);
});

test('a text that goes on in the next element is one text', () => {
  const text = `${'x'.repeat(139)} `;
  const xml = camt(
    `<Ntry><Sts>BOOK</Sts><NtryDtls><TxDtls><RmtInf><Ustrd>${text}</Ustrd><Ustrd>end</Ustrd><Ustrd>more</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  expect(readCamt(xml).booked).toMatchObject([{ remittanceInformationUnstructuredArray: [`${text}end`, 'more'] }]);
});

test('a report without entries is a report, another document is none', () => {
  expect(readCamt(camt(''))).toEqual({ booked: [], pending: [], next: null, isReport: true });
  expect(readCamt('<Document><pain/></Document>').isReport).toBe(false);
});
