import { renewConsent } from '../../actions/renew-consent.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import {
  attempt,
  bankFailures,
  idempotencyKeyDescription,
  resultType,
  scopeOfViewer,
  type Outcome,
} from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { consentType } from '../types/consent.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ConsentRenewInput', {
  description: 'The consent to renew, and where the person goes afterwards.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'The id of any consent of the channel, also of one that has expired, or was revoked or rejected.',
    }),
    redirectUrl: t.field({
      type: 'URL',
      description:
        'Where the browser goes in the end: one of the addresses that the operator has registered for the client, with any query; any address while none are. A page of Tributary when absent.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface Renewed extends Outcome {
  readonly consentId: string;
  /** Empty where no sync was queued. */
  readonly syncId: string;
}

const payload = builder.objectRef<Renewed>('ConsentRenewPayload').implement({
  description: 'A new consent was asked for. Nothing else has changed yet: what worked goes on working.',
  fields: (t) => ({
    consent: t.drizzleField({
      type: consentType,
      nullable: true,
      description:
        'The new consent, PENDING: send the person to its `authorizationUrl`. Where that is null `sync` signs in with the stored credentials. Null when a repeated request finds it deleted since.',
      resolve: (query, { consentId }, _args, { db, viewer }) =>
        db.query.consents.findFirst(query({ where: scoped(viewer, { id: keptId('consent', consentId) }) })),
    }),
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      description:
        'The sync that signs in with the stored credentials: follow it for challenges. Null where the person goes to the ' +
        'page of the bank: the sync comes after the return.',
      resolve: async (query, { syncId }, _args, { db, viewer }) =>
        syncId === ''
          ? null
          : db.query.syncs.findFirst(query({ where: scoped(viewer, { id: keptId('sync', syncId) }) })),
    }),
  }),
});

builder.mutationField('consentRenew', (t) =>
  t.field({
    type: resultType('ConsentRenewResult', payload, bankFailures),
    authScopes: { permission: 'connections_manage' },
    description:
      'Asks the bank for a new consent on the channel of this one, before or after it ends. The old one works until ' +
      'the person has confirmed the new one, which then takes its place (REPLACED) without a gap: accounts keep their ' +
      'ids. Refused or forgotten, it changes nothing. Of two the later counts. With a client token, send the address of ' +
      'the person in the header PSU-IP-Address: banks want it. ' +
      'Scope: connections_manage. Emits: consent.requested, consent.replaced, sync.queued.',
    args: { input: t.arg({ type: input, required: true, description: 'The consent to renew.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'consentRenew', input: args.input }, async () => {
        const { consentId, syncId } = await renewConsent(context.actions, scopeOfViewer(context), {
          consentId: readInputId('Consent', args.input.id, 'id'),
          redirectUrl: args.input.redirectUrl ?? null,
          psu: context.psu,
        });
        return { consentId, syncId: syncId ?? '' };
      }),
  }),
);
