import { z } from 'zod';

/** A third party that may use the bank's OAuth2. The id is the organizationIdentifier of its eIDAS certificates. */
const thirdPartySchema = z.strictObject({
  clientId: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'an id of visible ASCII characters, such as PSDFR-ACPR-12345')
    .describe('The organizationIdentifier of its certificates (ETSI TS 119 495), such as PSDFR-ACPR-12345.'),
  clientSecret: z.string().min(8).max(200).describe('For client_secret_basic and client_secret_post.'),
  name: z.string().min(1).max(70),
  redirectUris: z
    .array(z.url({ protocol: /^https?$/ }).max(2000))
    .max(50)
    .default([])
    .describe('Only these, letter by letter. None: any https address and any http address of this machine.'),
});

export type ThirdParty = z.output<typeof thirdPartySchema>;

/** The third party of the sandbox: its id and secret are public on purpose. */
export const sandboxThirdParty: ThirdParty = {
  clientId: 'PSDFR-ACPR-12345',
  clientSecret: 'sandbox-tpp-secret',
  name: 'Demo Aggregator SAS',
  redirectUris: [],
};

export const thirdPartiesSchema = z
  .array(thirdPartySchema)
  .max(100)
  .default([sandboxThirdParty])
  .describe('The third parties that the authorization server knows.');
