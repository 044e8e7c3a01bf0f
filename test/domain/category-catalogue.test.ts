import { expect, test } from 'vitest';
import { categoryCatalogue } from '../../src/domain/category-catalogue.ts';

const primaries = categoryCatalogue.filter((category) => category.parentKey === null);
const leaves = categoryCatalogue.filter((category) => category.parentKey !== null);

test('has two levels of the size that was decided', () => {
  expect(primaries).toHaveLength(22);
  expect(leaves.length).toBeGreaterThanOrEqual(105);
  expect(leaves.length).toBeLessThanOrEqual(120);
  const primaryKeys = new Set(primaries.map((category) => category.key));
  expect(leaves.filter((leaf) => !primaryKeys.has(leaf.parentKey ?? ''))).toEqual([]);
});

test('has unique keys in capitals and a label in both languages', () => {
  const keys = categoryCatalogue.map((category) => category.key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => !/^[A-Z]+(_[A-Z]+)*$/.test(key))).toEqual([]);
  expect(categoryCatalogue.filter(({ labelEn, labelFr }) => !labelEn.trim() || !labelFr.trim())).toEqual([]);
});

test('places every leaf behind its primary, without gaps', () => {
  expect(categoryCatalogue.map((category) => category.position)).toEqual([...categoryCatalogue.keys()]);
  let primary = '';
  for (const category of categoryCatalogue) {
    if (category.parentKey === null) primary = category.key;
    else expect(category.parentKey).toBe(primary);
  }
});

test('has what European accounts need beside the usual', () => {
  const keys = new Set(categoryCatalogue.map((category) => category.key));
  const needed = [
    'UNCATEGORISED',
    'INCOME_SALARY',
    'INCOME_SOCIAL_BENEFITS',
    'INTERNAL_TRANSFER_DEFERRED_CARD',
    'SAVINGS_TRANSFER',
    'HEALTH_REIMBURSEMENT',
    'TAXES_INCOME',
    'TAXES_PROPERTY',
    'TRANSPORT_PUBLIC',
    'VEHICLE_TOLLS',
    'VEHICLE_PARKING',
    'CASH_WITHDRAWAL',
    'CHEQUE_PAID',
    'CHEQUE_DEPOSITED',
  ];
  expect(needed.filter((key) => !keys.has(key))).toEqual([]);
});
