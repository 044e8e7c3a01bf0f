import { manageAccounts } from '../../actions/manage-accounts.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { connectionType } from '../types/connection.ts';

const input = builder.inputType('AccountsManageInput', {
  description: 'Which accounts of a connection are kept.',
  fields: (t) => ({
    connectionId: t.id({ required: true, description: 'The id of the connection.' }),
    accountIds: t.idList({ required: true, description: 'The accounts that stay, at least one; all others go.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder
  .objectRef<{ connectionId: string; deletedAccountIds: string }>('AccountsManagePayload')
  .implement({
    description: 'The connection has these accounts only.',
    fields: (t) => ({
      connection: t.drizzleField({
        type: connectionType,
        nullable: true,
        description: 'The connection; null when a repeated request finds it deleted since.',
        resolve: (query, { connectionId }, _args, { db, viewer }) =>
          db.query.connections.findFirst(query({ where: scoped(viewer, { id: keptId('connection', connectionId) }) })),
      }),
      deletedAccountIds: t.idList({
        description: 'The ids of the accounts that went.',
        resolve: ({ deletedAccountIds }) =>
          deletedAccountIds.split(' ').flatMap((id) => (id === '' ? [] : [globalId('Account', id)])),
      }),
    }),
  });

builder.mutationField('accountsManage', (t) =>
  t.field({
    type: resultType('AccountsManageResult', payload),
    authScopes: { permission: 'accounts_manage' },
    description:
      'Keeps the named accounts of a connection and deletes its others. A LIST_ACCOUNTS sync brings deleted accounts ' +
      'back. Scope: accounts_manage. Emits: account.deleted, consent.revoked, channel.status_changed.',
    args: { input: t.arg({ type: input, required: true, description: 'The connection, and what is kept of it.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'accountsManage', input: args.input }, async () => {
        const connectionId = readInputId('Connection', args.input.connectionId, 'connectionId');
        const accountIds = args.input.accountIds.map((id) => readInputId('Account', String(id), 'accountIds'));
        const deleted = await manageAccounts(context.actions, scopeOfViewer(context), { connectionId, accountIds });
        return { connectionId, deletedAccountIds: deleted.join(' ') };
      }),
  }),
);
