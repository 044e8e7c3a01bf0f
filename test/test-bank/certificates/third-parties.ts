import { testCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { householdWith } from '../oauth/household.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';

export const requestId = '11111111-2222-4333-8444-555555555555';

/** Third parties of all kinds: a right one, a stranger to every root, one for payments only, and another right one. */
export async function thirdPartyCertificates() {
  const [ours, strangers] = await Promise.all([testCertificates({ now: noon }), testCertificates({ now: noon })]);
  const [payments, other] = await Promise.all([
    testCertificates({ now: noon, roles: ['PSP_PI'], issuer: ours.root }),
    testCertificates({ now: noon, organizationIdentifier: 'PSDDE-BAFIN-77', issuer: ours.root }),
  ]);
  const open: TestBank[] = [];
  async function bankWith(switches: Record<string, unknown>, hasTls = true) {
    const bank = await openBankAt(noon, {
      scenario: scenarioOf(householdWith({ switches })),
      certificates: { server: hasTls ? ours.server : null, trustedRoots: [ours.root.certificate] },
    });
    open.push(bank);
    return bank;
  }
  const close = () => Promise.all(open.map((bank) => bank.close()));
  return { ours, strangers, payments, other, bankWith, close };
}
export type ThirdPartyCertificates = Awaited<ReturnType<typeof thirdPartyCertificates>>;
export type Bank = Awaited<ReturnType<ThirdPartyCertificates['bankWith']>>;

/** The name of a refusal in the shape of the face: tppMessages, Spring, or OAuth2. */
export async function named(answer: Response): Promise<string> {
  const body = (await answer.json()) as {
    tppMessages?: { code: string }[];
    message?: string;
    error_description?: string;
  };
  const code = body.tppMessages?.[0]?.code ?? body.error_description?.split(':')[0] ?? body.message?.split(':')[0];
  return `${answer.status} ${code ?? ''}`;
}
