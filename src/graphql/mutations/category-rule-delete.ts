import { deleteCategoryRule } from '../../actions/delete-category-rule.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('CategoryRuleDeleteInput', {
  description: 'The rule to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the rule.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ categoryRuleId: string }>('CategoryRuleDeletePayload').implement({
  description: 'The rule is deleted. What it had decided goes to the next rule or back to the house a little later.',
  fields: (t) => ({
    deletedCategoryRuleId: t.id({
      description: 'The id that the rule had.',
      resolve: ({ categoryRuleId }) => globalId('CategoryRule', categoryRuleId),
    }),
  }),
});

builder.mutationField('categoryRuleDelete', (t) =>
  t.field({
    type: resultType('CategoryRuleDeleteResult', payload),
    authScopes: { permission: 'transactions_manage' },
    description:
      'Deletes a rule by which categories are decided. ' +
      'Scope: transactions_manage. Emits: category_rule.deleted, transactions.changed.',
    args: { input: t.arg({ type: input, required: true, description: 'The rule to delete.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'categoryRuleDelete', input: args.input }, async () => {
        const categoryRuleId = readInputId('CategoryRule', args.input.id, 'id');
        await deleteCategoryRule(context.actions, scopeOfViewer(context), categoryRuleId);
        return { categoryRuleId };
      }),
  }),
);
