import { Failure } from '../../domain/failure.ts';
import { cleanLine } from '../bank-text.ts';
import type { PortalPage } from './client.ts';
import type { PageDocument } from './document.ts';
import { unknownPage } from './errors.ts';
import type { LayoutName } from './layouts.ts';

/** An entry as a statement shows it. Texts are bounded lines; empty where the page has none. */
export interface StatementRow {
  readonly isPending: boolean;
  readonly day: string;
  readonly valueDay: string;
  readonly text: string;
  /** Signed, unless `isDebit` tells the direction. */
  readonly amount: string;
  readonly isDebit: boolean | null;
  /** The site's id of the operation; empty where it shows none. */
  readonly id: string;
}

/** One page of a statement, in the order of the page. */
export interface StatementPage {
  readonly rows: readonly StatementRow[];
  readonly balance: string;
  /** With what is pending; empty where the page does not tell. */
  readonly comingBalance: string;
  /** The link to older entries, or null. */
  readonly next: string | null;
}

type Element = ReturnType<PageDocument>;

const labelCharactersMax = 1000;
/** Ten times what the longest page of a statement has. */
const rowsMax = 5000;

interface Markup {
  readonly balance: string;
  readonly comingBalance: string | null;
  readonly row: string;
  /** What holds rows: where it stands without one, the page has another form than we know. */
  readonly list: string;
  readonly read: (row: Element) => StatementRow;
}

const markups: Readonly<Record<LayoutName, Markup>> = {
  v1: {
    balance: '.soldes .solde',
    comingBalance: '.soldes .solde-a-venir',
    row: 'tr.operation',
    list: 'table',
    read(row) {
      const debit = textIn(row, '.debit');
      const credit = textIn(row, '.credit');
      const isOneSided = (debit === '') !== (credit === '');
      return {
        isPending: row.hasClass('a-venir'),
        day: textIn(row, '.date'),
        valueDay: textIn(row, '.date-valeur'),
        text: textWithout(row.find('.libelle').first(), '.tag'),
        amount: isOneSided ? `${debit}${credit}` : '',
        isDebit: credit === '',
        id: '',
      };
    },
  },
  v2: {
    balance: '.hero-amount',
    comingBalance: null,
    row: 'li.feed-item',
    list: 'ul.feed',
    read(row) {
      const feed = row.closest('ul.feed');
      const isPending = feed.attr('data-feed') === 'pending';
      return {
        isPending,
        day: isPending ? textIn(row, '.hint') : (feed.attr('data-day') ?? ''),
        valueDay: textIn(row, '.feed-value-date'),
        text: textWithout(row.find('.feed-text').first(), '.hint'),
        amount: textIn(row, '.feed-amount'),
        isDebit: null,
        id: row.attr('data-operation') ?? '',
      };
    },
  },
};

/** Reads a page of a statement; throws CONNECTOR_BUG for one of another form. */
export function readStatement({ document }: PortalPage, layout: LayoutName): StatementPage {
  const { balance, comingBalance, row, list, read } = markups[layout];
  const found = document(balance).first();
  const rows = document(row).toArray();
  if (rows.length > rowsMax)
    throw new Failure('BANK_ERROR', { message: 'The bank answered with a page of too many entries.' });
  if (found.length === 0 || (rows.length === 0 && document(list).length > 0)) throw unknownPage();
  return {
    rows: rows.map((element) => read(document(element))),
    balance: textWithout(found, 'span'),
    comingBalance: comingBalance === null ? '' : cleanLine(document(comingBalance).first().text(), 200),
    next: document('a[rel="next"]').first().attr('href') ?? null,
  };
}

function textIn(row: Element, selector: string): string {
  return cleanLine(row.find(selector).first().text(), 200);
}

/** The text of an element without that of its parts that are no part of it. */
function textWithout(element: Element, parts: string): string {
  const copy = element.clone();
  copy.find(parts).remove();
  return cleanLine(copy.text(), labelCharactersMax);
}
