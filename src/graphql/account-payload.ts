import { builder } from './builder.ts';
import { keptId } from './payload.ts';
import { scoped } from './scope.ts';
import { accountType } from './types/account.ts';

/** The type of success of a mutation that leaves an account behind: the account, as it is when it is asked for. */
export function accountPayload<Payload extends { readonly accountId: string } = { accountId: string }>(
  name: string,
  description: string,
  account = 'The account',
) {
  return builder.objectRef<Payload>(name).implement({
    description,
    fields: (t) => ({
      account: t.drizzleField({
        type: accountType,
        nullable: true,
        description: `${account}; null when a repeated request finds it deleted since.`,
        resolve: (query, { accountId }, _args, { db, viewer }) => {
          const where = { id: keptId('account', accountId), deletedAt: { isNull: true } } as const;
          return db.query.accounts.findFirst(query({ where: scoped(viewer, where) }));
        },
      }),
    }),
  });
}
