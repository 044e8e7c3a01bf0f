import type { BankAccount } from '../../domain/bank-snapshot.ts';
import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession } from '../connector.ts';
import { readResource, resourcePath, writeResource, type AccountResource } from './account-resource.ts';
import { readBody } from './client.ts';
import { explainRefusal } from './consent-state.ts';
import { normalizeAccount } from './normalize-account.ts';
import { balanceCurrencies } from './normalize-balances.ts';
import { berlinGroupQuirks } from './quirks.ts';
import { askForData } from './read-data.ts';
import { wireAccount, wireAccounts, wireBalances } from './wire.ts';

/** What the standard writes as the currency of an account that holds several (Implementation Guidelines 1.3.x, 4.5). */
const severalCurrencies = 'XXX';

/** Status codes by which banks say that they have no list of card accounts. */
const notOffered = new Set([404, 405, 501]);

/**
 * The accounts that the consent shows, cards included where the bank lists them apart. An account in several currencies
 * becomes one of ours for each, for a balance is in one currency. Throws DATA_INCONSISTENT when none can be used.
 */
export async function listAccounts(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
): Promise<readonly BankAccount[]> {
  const quirks = berlinGroupQuirks(call.endpoint);
  const lists: readonly AccountResource['list'][] =
    quirks.cardAccounts === 'listed' ? ['accounts', 'card-accounts'] : ['accounts'];
  const usable: BankAccount[] = [];
  let given = 0;
  for (const list of lists) {
    for (const item of await readList(http, call, session, list)) {
      given += 1;
      const account = normalizeAccount(item, quirks, list);
      if (account) usable.push(...(await inEachCurrency(http, call, session, account, item)));
    }
  }
  if (given > 0 && usable.length === 0) throw new Failure('DATA_INCONSISTENT');
  return usable;
}

async function readList(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  list: AccountResource['list'],
): Promise<readonly unknown[]> {
  const answer = await askForData(http, call, session, { target: list, resource: 'accounts' });
  if (!answer.isRefused) return readBody(answer.body, wireAccounts);
  if (list === 'card-accounts' && notOffered.has(answer.status)) return [];
  throw await explainRefusal(http, call, session, answer);
}

async function inEachCurrency(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  account: BankAccount,
  given: unknown,
): Promise<readonly BankAccount[]> {
  const wire = wireAccount.safeParse(given).data;
  if (wire?.currency?.trim().toUpperCase() !== severalCurrencies) return [account];
  const resource = readResource(account.bankAccountId);
  const balances = wire.balances ?? (await askBalances());
  const parts = balanceCurrencies(balances).map((currency) => ({
    ...account,
    bankAccountId: writeResource({ ...resource, currency }),
    currency,
  }));
  return parts.length > 0 ? parts : [account];

  /** Nobody has reckoned with them while accounts are listed. */
  async function askBalances(): Promise<readonly unknown[]> {
    await call.spendAgain?.();
    return readBalances(http, call, session, resource);
  }
}

/** The balances as the bank gives them. */
export async function readBalances(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  resource: AccountResource,
): Promise<readonly unknown[]> {
  const target = resourcePath(resource, 'balances');
  const answer = await askForData(http, call, session, { target, resource: 'account' });
  if (answer.isRefused) throw await explainRefusal(http, call, session, answer);
  return readBody(answer.body, wireBalances).balances;
}
