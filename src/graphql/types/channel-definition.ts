import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { accountTypeEnum, channelKindEnum } from './enums.ts';

/** A field of a credentials form, as the provider's entry describes it. */
interface CredentialField {
  readonly name: string;
  readonly label: { readonly en: string; readonly fr: string };
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly maxLength: number;
}

const credentialFieldType = builder.objectRef<CredentialField>('CredentialField').implement({
  description: 'A field of the form of credentials of an EMBEDDED channel.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The key under which its value is sent.' }),
    label: t.string({
      description: 'What to write beside it, in the language of the request.',
      resolve: ({ label }, _args, { locale }) => (locale.startsWith('fr') ? label.fr : label.en),
    }),
    isSecret: t.exposeBoolean('isSecret', { description: 'True when it must not be shown while it is typed.' }),
    isRequired: t.exposeBoolean('isRequired', { description: 'True when it must be filled.' }),
    maxLength: t.exposeInt('maxLength', { description: 'How many characters it takes at most.' }),
  }),
});

builder.drizzleObject('channelDefinitions', {
  name: 'ChannelDefinition',
  description: 'One way in which a provider can be reached, and what it can give.',
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the definition.', resolve: ({ id }) => globalId('ChannelDefinition', id) }),
    kind: t.expose('kind', { type: channelKindEnum, description: 'How the provider is reached by it.' }),
    accountTypes: t.field({
      type: [accountTypeEnum],
      description: 'The accounts that it can show.',
      select: { columns: { accountTypes: true } },
      resolve: ({ accountTypes }) => accountTypes,
    }),
    credentialFields: t.field({
      type: [credentialFieldType],
      description: 'The form to show, in its order; empty for REDIRECT.',
      select: { columns: { credentialFields: true } },
      resolve: ({ credentialFields }) => credentialFields,
    }),
    consentValidityDays: t.exposeInt('consentValidityDays', {
      description: 'For how many days a consent is asked; the bank may shorten it.',
    }),
    unattendedCallsPerDay: t.exposeInt('unattendedCallsPerDay', {
      description: 'How often a day the bank may be asked while the person is away.',
    }),
    historyDays: t.exposeInt('historyDays', { description: 'How far back transactions can be read at first.' }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'False while it cannot be used for linking.' }),
    provider: t.relation('provider', { description: 'The provider that it reaches.' }),
  }),
});
