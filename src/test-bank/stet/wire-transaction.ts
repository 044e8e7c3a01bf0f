import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import { drawHex, drawIndex } from '../ledger/random.ts';
import type { Movement } from '../ledger/movement.ts';
import type { MovementKind } from '../scenario/transaction-rule.ts';
import type { Switches } from '../scenario/switches.ts';

/** How one transaction is to be written. */
export interface StetTransactionStyle {
  readonly switches: Switches;
  /** Place in the answer, for the habits that strike every second entry. */
  readonly position: number;
  /** Changes every id: the fault reissued-ids. */
  readonly idSalt: string;
  /** Another currency than the account's: the failure data_inconsistent. */
  readonly currency: string | null;
}

const cardKinds = new Set<MovementKind>(['card', 'withdrawal', 'refund']);

/** Transaction: the amount has no sign, creditDebitIndicator tells it. */
export function wireStetTransaction(movement: Movement, style: StetTransactionStyle): object {
  const { money, status } = movement;
  const { switches } = style;
  const isDebit = money.amount.startsWith('-');
  const amount = money.amount.replace('-', '');
  return {
    ...idsOf(movement, style),
    transactionAmount: {
      currency: style.currency ?? money.currency,
      amount: isNumber(style) ? Number(amount) : amount,
    },
    creditDebitIndicator: isDebit ? 'DBIT' : 'CRDT',
    status: status === 'BOOKED' ? 'BOOK' : 'PDNG',
    bookingDate: bookingDateOf(movement, switches),
    ...(switches.dates === 'booking-only' || status === 'PENDING' ? {} : { valueDate: movement.valueOn }),
    ...(cardKinds.has(movement.kind) ? { transactionDate: movement.happensOn } : {}),
    remittanceInformation: textOf(movement, switches),
  };
}

function isNumber({ switches: { amounts }, position }: StetTransactionStyle): boolean {
  return amounts === 'number' || (amounts === 'mixed' && position % 2 === 1);
}

/** The standard wants a date even while the entry is pending. */
function bookingDateOf({ bookedOn, happensOn }: Movement, { pending }: Switches): CalendarDate {
  return bookedOn ?? (pending === 'future-dated' ? addDays(happensOn, 7) : happensOn);
}

function idsOf(movement: Movement, { switches, position, idSalt }: StetTransactionStyle): object {
  const id = idSalt === '' ? movement.id : drawHex(`${idSalt}|${movement.id}`, 24);
  const entryReference = idSalt === '' ? movement.reference : id;
  switch (switches.ids) {
    case 'stable':
    case 'sequential':
      return { resourceId: id, entryReference };
    case 'none':
      return {};
    case 'duplicate':
      return { resourceId: id.slice(0, 2), entryReference };
    case 'placeholder':
      return { entryReference: position % 2 === 0 ? 'NOTPROVIDED' : entryReference };
    case 'none-until-booked':
      return movement.status === 'PENDING' ? {} : { resourceId: id, entryReference };
    case 'malformed':
    case 'changing-on-booking':
      return { resourceId: id, entryReference: movement.status === 'PENDING' ? `P${id}` : entryReference };
    default:
      return switches.ids satisfies never;
  }
}

const lineLength = 70;

/** 1.4 wants a list of lines, 1.6 an object; one plain string is a habit of Natixis. */
function textOf({ text, id }: Movement, switches: Switches): unknown {
  if (switches.text === 'additional-information') return text;
  const whole = switches.text === 'cut-140' ? text.slice(0, 140) : text;
  const lines = whole.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  const turn = switches.text === 'array-shuffled' ? drawIndex(`${id}|shuffle`, lines.length) : 0;
  const ordered = [...lines.slice(turn), ...lines.slice(0, turn)];
  return switches.stetVersion === '1.6' || switches.text === 'structured' ? { unstructured: ordered } : ordered;
}
