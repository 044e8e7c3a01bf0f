import type { TestBank } from '../../src/test-bank/server.ts';
import { approveAt, attended, caller, offered, returnTo, type Caller } from './support.ts';

/** The body of a consent request that every test bank takes, but for `access`. */
export const consentBody = (access: object = offered) => ({
  access,
  recurringIndicator: true,
  validUntil: '2026-08-01',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
});

export const psuHeaders = (login: string) => ({ ...attended, 'psu-id': login });

/** Authorises as alice in whatever approach the bank has, and gives the id of the consent. */
export async function authoriseAsAlice(bank: TestBank, call: Caller, access: object): Promise<string> {
  const { scaApproach } = bank.bank.scenario().bank;
  const headers = { ...psuHeaders('alice'), 'tpp-redirect-uri': returnTo };
  const created = await call('POST', '/consents', { headers, body: consentBody(access) });
  const id = created.json.consentId as string;
  if (scaApproach === 'embedded') {
    const { next } = created.json._links;
    const started = await call(next ? 'PUT' : 'POST', next?.href ?? `/consents/${id}/authorisations`, {
      headers: psuHeaders('alice'),
      body: { psuData: { password: 'tributary1' } },
    });
    if (!next && started.json.scaStatus !== 'exempted') throw new Error(started.text);
  } else if (scaApproach === 'decoupled') {
    const [challenge] = bank.bank.challenges.sentTo('alice');
    bank.bank.challenges.decide(challenge?.id ?? '', true);
  } else {
    const { scaRedirect } = created.json._links.scaRedirect
      ? created.json._links
      : (await call('POST', `/consents/${id}/authorisations`)).json._links;
    const location = await approveAt(scaRedirect.href as string);
    const code = new URL(location ?? returnTo).searchParams.get('confirmationCode');
    const { confirmation } = created.json._links;
    if (code !== null) await call('PUT', confirmation.href as string, { body: { confirmationCode: code } });
  }
  return id;
}

/** A consent that alice has authorised, and a caller that uses it. */
export async function linkedByApi(bank: TestBank, access: object = offered) {
  const id = await authoriseAsAlice(bank, caller(bank), access);
  return { id, call: caller(bank, { 'consent-id': id, ...attended }) };
}
