import { cleanLine } from '../bank-text.ts';
import { placeAt } from './addresses.ts';
import type { PortalPage } from './client.ts';
import { unknownPage } from './errors.ts';
import type { LayoutName } from './layouts.ts';

/** An account as the list shows it. Texts are bounded lines; empty where the page has none. */
export interface ListedAccount {
  /** From the address of the statement; empty when the account has no usable link. */
  readonly id: string;
  /** The site's own word, such as `life-insurance`. */
  readonly kind: string;
  readonly name: string;
  /** Words below the name: the kind for people to read, and whether the account is closed. */
  readonly hint: string;
  readonly number: string;
  readonly balance: string;
}

const selectors: Readonly<
  Record<LayoutName, Readonly<Record<'list' | 'item' | 'link' | 'hint' | 'number' | 'balance' | 'empty', string>>>
> = {
  v1: {
    list: 'table',
    item: 'tr.compte',
    link: 'a.libelle',
    hint: '.hint, .tag',
    number: '.numero',
    balance: '.solde',
    empty: 'p.card',
  },
  v2: {
    list: 'ul.tiles',
    item: 'li.tile',
    link: 'a.tile-name',
    hint: '.hint',
    number: '.tile-number',
    balance: '.tile-amount',
    empty: 'p.card',
  },
};

const kindAttributes: Readonly<Record<LayoutName, string>> = { v1: 'data-type', v2: 'data-kind' };
const accountsMax = 1000;

/** The accounts of the list; none only where the page says so. Throws CONNECTOR_BUG for a page of another form. */
export function readAccounts(baseUrl: string, page: PortalPage, layout: LayoutName): ListedAccount[] {
  const { document } = page;
  const { list, item, link, hint, number, balance, empty } = selectors[layout];
  const items = document(item).toArray().slice(0, accountsMax);
  if (items.length === 0 && (document(list).length > 0 || document(empty).length === 0)) throw unknownPage();
  return items.map((element) => {
    const account = document(element);
    const text = (selector: string) => cleanLine(account.find(selector).first().text(), 200);
    const hints = account.find(hint).toArray().slice(0, 5);
    return {
      id: idBehind(baseUrl, page, account.find(link).first().attr('href') ?? ''),
      kind: account.attr(kindAttributes[layout]) ?? '',
      name: text(link),
      hint: hints.map((each) => cleanLine(document(each).text(), 100)).join(' · '),
      number: text(number),
      balance: text(balance),
    };
  });
}

function idBehind(baseUrl: string, page: PortalPage, href: string): string {
  if (href.length > 1000 || !URL.canParse(href, page.url)) return '';
  const place = placeAt(baseUrl, new URL(href, page.url));
  return place?.kind === 'account' ? place.accountId : '';
}
