import type { TestBank } from '../../../src/test-bank/server.ts';
import { thirdPartyOf } from '../oauth/third-party.ts';

export const attended = { 'psu-ip-address': '203.0.113.7' };
export const requestId = 'c1a2b3c4-0001';
export const currentIban = 'FR7630006000011234567890189';

export interface StetAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a bank's answer, looked at field by field
  readonly json: any;
}

export interface StetRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Who uses the STET face with the token of a person who approved. `path` may be a link of an answer. */
export async function stetCustomer(bank: Pick<TestBank, 'url'>, login = 'alice', password = 'tributary1') {
  const { access_token: token } = await (await thirdPartyOf(bank)).authorise('aisp', login, password);
  async function call(
    path: string,
    { method = 'GET', headers = attended, body }: StetRequest = {},
  ): Promise<StetAnswer> {
    const target = path.startsWith('/stet/') ? path : `/stet/v1${path}`;
    const response = await fetch(`${bank.url}${target}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-request-id': requestId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
  }
  const consent = (body: object) =>
    call('/consents', { method: 'PUT', body: { psuIdentity: false, trustedBeneficiaries: false, ...body } });
  /** Everything of the current account and the card. */
  const consentToAll = () => {
    const accounts = [{ iban: currentIban }, { other: { identification: '497401XXXXXX5678', schemeName: 'CPAN' } }];
    return consent({ balances: accounts, transactions: accounts, psuIdentity: true, trustedBeneficiaries: true });
  };
  const accounts = async () => (await call('/accounts')).json.accounts;
  const idOf = async (type: 'CACC' | 'CARD') =>
    (await accounts()).find((account: { cashAccountType: string }) => account.cashAccountType === type)
      .resourceId as string;
  return { call, consent, consentToAll, accounts, idOf };
}
