import { expect, test } from 'vitest';
import { readFrenchLabel } from '../../src/connectors/french-label.ts';

// One line per bank and form, as their statements print them.
test.each([
  [
    'FACTURE CARTE DU 280226 CARREFOUR CITY LYON CARTE 4974XXXXXXXX1234',
    'POINT_OF_SALE',
    'CARREFOUR CITY LYON',
    '2026-02-28',
  ],
  ['CARTE X1234 28/02 MONOPRIX', 'POINT_OF_SALE', 'MONOPRIX', '2026-02-28'],
  ['CB SNCF INTERNET 28/02/26', 'POINT_OF_SALE', 'SNCF INTERNET', '2026-02-28'],
  ['PAIEMENT CB 2802 LYON PICARD CARTE 1234', 'POINT_OF_SALE', 'LYON PICARD', '2026-02-28'],
  ['PAIEMENT PSC 2802 LYON RELAY', 'POINT_OF_SALE', 'LYON RELAY', '2026-02-28'],
  ['CB DECATHLON FACT 280226', 'POINT_OF_SALE', 'DECATHLON', '2026-02-28'],
  ['ACHAT CB FNAC 28.02.26', 'POINT_OF_SALE', 'FNAC', '2026-02-28'],
  ['CARTE 28/02/26 Café de Flore CB*1234', 'POINT_OF_SALE', 'Café de Flore', '2026-02-28'],
  ['CARTE 30/11 TOO LONG AGO', 'POINT_OF_SALE', 'TOO LONG AGO', null],
  ['RETRAIT DAB 28/02/26 14H12 123456 BNP LYON', 'ATM', null, '2026-02-28'],
  ['CARTE X1234 RETRAIT DAB 28/02 14H12', 'ATM', null, '2026-02-28'],
  ['CARTE X1234 28/02/26 A 14H12 RETRAIT DAB', 'ATM', null, '2026-02-28'],
  ['CB RETRAIT DU 28/02', 'ATM', null, '2026-02-28'],
  ['RET DAB 28/02/26', 'ATM', null, '2026-02-28'],
  ["Retrait d'espèces à un DAB LYON CARTE 1234 LE 28/02/26", 'ATM', null, null],
  ['VIR SEPA RECU /DE ATELIERS DU RHONE SAS /MOTIF SALAIRE', 'POTENTIAL_TRANSFER', 'ATELIERS DU RHONE SAS', null],
  ['VIR RECU 123456789 DE: MME DURAND', 'POTENTIAL_TRANSFER', 'MME DURAND', null],
  ['VIR INST RE 123 DUPONT', 'POTENTIAL_TRANSFER', '123 DUPONT', null],
  ['VIREMENT DE M MARTIN', 'POTENTIAL_TRANSFER', 'M MARTIN', null],
  ['VIR PERM POUR: LIVRET A REF: 1', 'REPEATING_PAYMENT', 'LIVRET A', null],
  ['VIR.PERMANENT EPARGNE', 'REPEATING_PAYMENT', 'EPARGNE', null],
  ['PRLV SEPA FREE TELECOM ECH/280226 ID EMETTEUR/FR12 MDT/1', 'DIRECT_DEBIT', 'FREE TELECOM', null],
  ['PRELEVEMENT EUROPEEN 1234567890 DE: EDF ID: FR47', 'DIRECT_DEBIT', 'EDF', null],
  ['PRELEVEMENT DE MAIF', 'DIRECT_DEBIT', 'MAIF', null],
  ['CHEQUE N 1234567', 'CHECK', null, null],
  ['CHQ. 1234567', 'CHECK', null, null],
  ['REMISE CHEQUES', 'CHECK', null, null],
  ['RELEVE CB AU 28/02/26', 'CREDIT_CARD_PAYMENT', null, null],
  ['DEBIT MENSUEL CARTE', 'CREDIT_CARD_PAYMENT', null, null],
  ['CB 1234 TOT DIF FEVRIER', 'CREDIT_CARD_PAYMENT', null, null],
  ['ECH PRET: 123', 'REPEATING_PAYMENT', null, null],
  ['* COTIS VISA', 'BANK_FEE', null, null],
  ['ANN CARTE', 'BANK_FEE', null, null],
  ['COMMISSIONS', 'BANK_FEE', null, null],
])('reads "%s"', (line, type, party, transactedOn) => {
  expect(readFrenchLabel(line, '2026-03-02')).toEqual({ type, party, transactedOn });
});

test.each(['', 'STADTWERKE MUENCHEN', 'CARTES POSTALES SARL', 'VIRGIN MEDIA', 'PEUGEOT', 'CHEQUERS INN', 'ABONDANCE'])(
  'reads nothing into "%s"',
  (line) => {
    expect(readFrenchLabel(line, '2026-03-02')).toBeNull();
  },
);

test('takes the year of a day without one from the booking', () => {
  expect(readFrenchLabel('CARTE 31/12 X', '2026-01-02')?.transactedOn).toBe('2025-12-31');
  expect(readFrenchLabel('CARTE 31/12 X', '2026-06-02')?.transactedOn).toBeNull();
  expect(readFrenchLabel('CARTE 99/99 X', '2026-01-02')?.transactedOn).toBeNull();
  expect(readFrenchLabel('CARTE 31/12 X', null)?.transactedOn).toBeNull();
});
