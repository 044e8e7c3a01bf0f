import type { Money } from '../../kernel/money.ts';
import type { Switches } from '../scenario/switches.ts';

/** An amount as the profile writes it; `position` picks the odd ones of the mixed habit. */
export function wireAmount(
  { amount, currency }: Money,
  { amounts }: Switches,
  position: number,
): { currency: string; amount: string | number } {
  const isNumber = amounts === 'number' || (amounts === 'mixed' && position % 2 === 1);
  if (isNumber) return { currency, amount: Number(amount) };
  return { currency, amount: amounts === 'one-decimal' ? amount.replace(/(\.\d)0$/, '$1') : amount };
}

/** Whether debits of card accounts are written positive. */
export function showsDebitsPositive({ sign }: Switches): boolean {
  return sign === 'inverted-cards' || sign === 'debit-accounting';
}

export function inverted(money: Money): Money {
  const { amount } = money;
  if (/^-?[0.]+$/.test(amount)) return money;
  return { ...money, amount: amount.startsWith('-') ? amount.slice(1) : `-${amount}` };
}
