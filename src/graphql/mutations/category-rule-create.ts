import { createCategoryRule } from '../../actions/create-category-rule.ts';
import { builder } from '../builder.ts';
import { readInputCategoryKey } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, ownerScopeOf, resultType } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { categoryRuleType, directionEnum } from '../types/category-rule.ts';

const input = builder.inputType('CategoryRuleCreateInput', {
  description: 'A new rule for categories.',
  fields: (t) => ({
    text: t.string({
      required: true,
      description:
        'The words to look for, of 2 to 100 characters: whole and side by side, in any case, with or without accents.',
    }),
    direction: t.field({ type: directionEnum, description: 'Only transactions of this direction; both when absent.' }),
    categoryId: t.id({ required: true, description: 'What such a transaction is for.' }),
    userId: t.id({
      description: 'A rule of this user; a user token needs none. Absent: of the client, for all of its users.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ categoryRuleId: string }>('CategoryRuleCreatePayload').implement({
  description:
    'The rule is made. What comes from a bank is decided by it from now on; what is stored already, a little later, with `transactions.changed`.',
  fields: (t) => ({
    categoryRule: t.drizzleField({
      type: categoryRuleType,
      nullable: true,
      description: 'The rule; null when a repeated request finds it deleted since.',
      resolve: (query, { categoryRuleId }, _args, { db, viewer }) =>
        db.query.categoryRules.findFirst(
          query({ where: scoped(viewer, { id: keptId('categoryRule', categoryRuleId) }) }),
        ),
    }),
  }),
});

builder.mutationField('categoryRuleCreate', (t) =>
  t.field({
    type: resultType('CategoryRuleCreateResult', payload),
    authScopes: { permission: 'transactions_manage' },
    description:
      'Makes a rule by which categories are decided, of a user or of the client; at most 500 each. ' +
      'Scope: transactions_manage. Emits: category_rule.created, transactions.changed.',
    args: { input: t.arg({ type: input, required: true, description: 'The rule.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'categoryRuleCreate', input: args.input }, async () => {
        const { text, direction = null, categoryId, userId } = args.input;
        const categoryKey = readInputCategoryKey(categoryId, 'categoryId');
        const scope = await ownerScopeOf(context, userId);
        return { categoryRuleId: await createCategoryRule(context.actions, scope, { text, direction, categoryKey }) };
      }),
  }),
);
