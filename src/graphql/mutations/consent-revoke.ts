import { revokeConsent } from '../../actions/revoke-consent.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { consentType } from '../types/consent.ts';

const input = builder.inputType('ConsentRevokeInput', {
  description: 'The consent to end.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the consent.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ consentId: string }>('ConsentRevokePayload').implement({
  description: 'The consent has ended, now or before.',
  fields: (t) => ({
    consent: t.drizzleField({
      type: consentType,
      nullable: true,
      description: 'It as it is now; null when a repeated request finds it deleted since.',
      resolve: (query, { consentId }, _args, { db, viewer }) =>
        db.query.consents.findFirst(query({ where: scoped(viewer, { id: keptId('consent', consentId) }) })),
    }),
  }),
});

builder.mutationField('consentRevoke', (t) =>
  t.field({
    type: resultType('ConsentRevokeResult', payload),
    authScopes: { permission: 'connections_manage' },
    description:
      'Ends a consent: here at once, with the secrets by which the bank knew us, and at the bank shortly after. ' +
      'Accounts and transactions stay as they are; the channel waits for a new consent (consentRenew). One that has ' +
      'already ended stays as it is. Scope: connections_manage. ' +
      'Emits: consent.revoked, channel.status_changed, connection.status_changed.',
    args: { input: t.arg({ type: input, required: true, description: 'The consent to end.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'consentRevoke', input: args.input }, async () => {
        const consentId = readInputId('Consent', args.input.id, 'id');
        await revokeConsent(context.actions, scopeOfViewer(context), consentId);
        return { consentId };
      }),
  }),
);
