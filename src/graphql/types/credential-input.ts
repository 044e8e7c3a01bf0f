import { builder } from '../builder.ts';

/** What a person typed into one field of a form. */
export const credentialInput = builder.inputType('CredentialInput', {
  description: 'What a person typed into one field of a form of credentials. It is sealed at once, and never shown.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name of the field, as the channel definition has it.' }),
    value: t.string({ required: true, description: 'What was typed.' }),
  }),
});
