import { builder } from '../builder.ts';
import { columnsOfUser, loadCategoryRule } from '../event-finders.ts';
import { categoryRuleType } from './category-rule.ts';
import { eventInterfaces, eventTypeName, streamItemTypeName, type EventOf } from './event.ts';

type CategoryRuleEvent = EventOf<'category_rule.created' | 'category_rule.deleted'>;

const categoryRuleEventInterface = builder.interfaceRef<CategoryRuleEvent>('CategoryRuleEvent').implement({
  description: 'An event about a rule by which categories are decided.',
  interfaces: [...eventInterfaces],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    categoryRule: t.drizzleField({
      type: categoryRuleType,
      nullable: true,
      authScopes: { permission: 'transactions_read' },
      description: 'The rule; null once deleted. Scope: transactions_read.',
      resolve: (query, event, _args, context, info) =>
        loadCategoryRule(context, info, event, event.facts.categoryRuleId, query({ columns: columnsOfUser })),
    }),
    categoryKey: t.string({
      description: 'The key of the category that it gives, or gave.',
      resolve: ({ facts }) => facts.categoryKey,
    }),
  }),
});

const descriptions = {
  'category_rule.created': 'A rule was made; what is stored already follows it a little later.',
  'category_rule.deleted': 'A rule was deleted; what it had decided is given back a little later.',
} as const;
for (const type of ['category_rule.created', 'category_rule.deleted'] as const) {
  builder.objectRef<EventOf<typeof type>>(eventTypeName(type)).implement({
    description: descriptions[type],
    interfaces: [...eventInterfaces, categoryRuleEventInterface],
  });
}
