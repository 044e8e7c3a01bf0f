import { thirdPartyOf } from '../../test-bank/oauth/third-party.ts';
import { customerOf, signIn } from '../../test-bank/portal/customer.ts';
import type { Question } from './question.ts';

const pagesAsked = 20;
const pageSize = 100;

/** Further pages of the STET face, as the third party of the sandbox with the token of the person. */
export async function stetQuestion(url: string): Promise<Question> {
  const { access_token: token } = await (await thirdPartyOf({ url })).authorise('aisp', 'p', 'p');
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'bench', 'psu-ip-address': '203.0.113.7' };
  const ask = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const { accounts } = await ask('/stet/v1/accounts');
  const paths: string[] = [];
  let next: string = accounts[0]._links.transactions.href;
  for (let page = 0; page < pagesAsked; page += 1) {
    paths.push(next);
    const answer = await ask(next);
    if (answer.transactions.length !== pageSize) throw new Error(`A page has ${answer.transactions.length} entries.`);
    next = answer._links.next.href;
  }
  return {
    name: 'transactions, STET',
    transactions: pageSize,
    requests: paths.map((path) => ({ method: 'GET', path, headers })),
  };
}

/** Statement pages of the portal, as a person's browser. */
export async function portalQuestion(url: string): Promise<Question> {
  const customer = customerOf({ url });
  const { address } = await signIn(customer, 'p', 'p');
  const paths = Array.from({ length: pagesAsked }, (_, page) => `${address}/busy?page=${page + 1}`);
  for (const path of paths) {
    const { html } = await customer.get(path);
    const entries = html.split('class="operation').length - 1;
    if (entries !== pageSize) throw new Error(`${path} shows ${entries} entries.`);
  }
  const headers = { cookie: [...customer.cookies].map((pair) => pair.join('=')).join('; ') };
  return {
    name: 'statement pages, portal',
    transactions: pageSize,
    requests: paths.map((path) => ({ method: 'GET', path, headers })),
  };
}
