import type { Direction } from '../../domain/category-rule.ts';
import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { describeEnum } from './describe-enum.ts';

export const directionEnum = describeEnum<Direction>('TransactionDirection', 'Which way the money goes.', {
  IN: 'To the account: a positive amount.',
  OUT: 'From the account: a negative amount.',
});

export const categoryRuleType = builder.drizzleObject('categoryRules', {
  name: 'CategoryRule',
  description:
    'Decides the category of every transaction in whose counterparty, label or bank text its words stand side by side. Of several, a rule of the person wins over one of the client, then the longest text, then the oldest. What a person decided of one transaction stays.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the rule.', resolve: ({ id }) => globalId('CategoryRule', id) }),
    text: t.exposeString('text', {
      description: 'The words that are looked for, whole, in any case, with or without accents.',
    }),
    direction: t.expose('direction', {
      type: directionEnum,
      nullable: true,
      description: 'Only transactions of this direction; null for both.',
    }),
    category: t.relation('category', { description: 'What such a transaction is for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'Whose rule it is; null for a rule of the client, for all of its users. Scope: users_read.',
    }),
  }),
});

export const categoryRulePage = builder.connectionObject(
  { type: categoryRuleType, name: 'CategoryRuleConnection', description: 'One page of category rules.' },
  { description: 'A category rule and its place in the list.' },
);
