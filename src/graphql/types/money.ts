import type { Money } from '../../kernel/money.ts';
import { builder } from '../builder.ts';

export const moneyType = builder.objectRef<Money>('Money').implement({
  description: 'An exact amount in one currency. A debit is negative.',
  fields: (t) => ({
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'With exactly the number of decimals of the currency: two for EUR, none for JPY.',
    }),
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'The currency of the amount.' }),
  }),
});
