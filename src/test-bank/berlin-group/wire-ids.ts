import { drawHex } from '../ledger/random.ts';
import type { Movement } from '../ledger/movement.ts';
import type { TransactionStyle } from './transaction-style.ts';

interface Ids {
  transactionId?: string;
  entryReference?: string;
  endToEndId?: string;
}

/** The ids of an entry, in the bank's habit. */
export function idsOf(movement: Movement, style: TransactionStyle): Ids {
  const { switches, idSalt } = style;
  const id = idSalt === '' ? movement.id : drawHex(`${idSalt}|${movement.id}`, 24);
  const entryReference = idSalt === '' ? movement.reference : id;
  const transactionId = transactionIdOf(movement, style, id);
  const showsReference = switches.references === 'shown' && switches.ids !== 'none' && switches.ids !== 'placeholder';
  return {
    ...(transactionId === null ? {} : { transactionId }),
    ...(showsReference ? { entryReference } : {}),
    ...endToEndIdOf(movement, style),
  };
}

function transactionIdOf(movement: Movement, { switches, position, bookPosition }: TransactionStyle, id: string) {
  const isPending = movement.status === 'PENDING';
  switch (switches.ids) {
    case 'stable':
      return id;
    case 'none':
      return null;
    case 'duplicate':
      return id.slice(0, 2);
    case 'placeholder':
      return position % 2 === 0 ? 'NOTPROVIDED' : id;
    case 'changing-on-booking':
      return isPending ? `P${id}` : id;
    case 'none-until-booked':
      return isPending ? null : id;
    case 'sequential':
      return bookPosition === null ? null : String(1_000_000 + bookPosition);
    case 'malformed':
      return isPending ? `00DEBIT${id.slice(0, 9)}` : id;
    default:
      return switches.ids satisfies never;
  }
}

const transferKinds = new Set<Movement['kind']>(['transfer-in', 'transfer-out', 'direct-debit']);

function endToEndIdOf({ kind, reference }: Movement, { switches: { endToEndIds } }: TransactionStyle): Ids {
  if (endToEndIds === 'none' || !transferKinds.has(kind)) return {};
  return { endToEndId: endToEndIds === 'placeholder' ? 'NOTPROVIDED' : `E2E-${reference}` };
}
