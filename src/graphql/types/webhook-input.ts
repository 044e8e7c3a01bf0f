import { builder } from '../builder.ts';

export const clientCertificateInput = builder.inputType('ClientCertificateInput', {
  description: 'What an endpoint is called with when it wants mutual TLS. It is kept sealed and never shown again.',
  fields: (t) => ({
    certificate: t.string({ required: true, description: 'The certificate in PEM, with its chain.' }),
    privateKey: t.string({ required: true, description: 'Its private key in PEM, without a passphrase.' }),
  }),
});
