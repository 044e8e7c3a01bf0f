import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { Collection } from '../state/state.ts';

/** A record of the authorization server: a code, a token, a grant, an interaction. Times are seconds of the bank's clock. */
export const oauthRecordSchema = z.strictObject({
  model: z.string(),
  id: z.string(),
  payload: z.record(z.string(), z.unknown()),
  grantId: z.string().nullable(),
  uid: z.string().nullable(),
  expiresAt: z.int().nullable(),
  consumedAt: z.int().nullable(),
});
export type OauthRecord = z.output<typeof oauthRecordSchema>;

/** What the authorization server remembers. Nothing is found after its time by the bank's clock. */
export interface OauthRecords {
  put(record: OauthRecord): void;
  find(model: string, id: string): OauthRecord | null;
  findByUid(model: string, uid: string): OauthRecord | null;
  /** Marks a record as used; false when it was used already or is gone. */
  consume(model: string, id: string): boolean;
  delete(model: string, id: string): void;
  /** Deletes all records of a model that belong to a grant: the family of a token. */
  deleteOfGrant(model: string, grantId: string): void;
  /** Whether a record was there and its time is over. */
  hasExpired(model: string, id: string): boolean;
}

const recordsKeptMax = 20_000;

export function oauthRecords(records: Collection<OauthRecord>, clock: Clock): OauthRecords {
  const keyOf = (model: string, id: string) => `${model}:${id}`;
  const now = () => Math.floor(clock.now().getTime() / 1000);
  const isOver = ({ expiresAt }: OauthRecord) => expiresAt !== null && expiresAt <= now();
  const find = (model: string, id: string) => {
    const record = records.get(keyOf(model, id));
    return record && !isOver(record) ? record : null;
  };
  let count = [...records.entries()].length;
  /** Expired ones first; when that is not enough, the oldest. */
  function makeRoom(): void {
    const all = [...records.entries()];
    const over = all.filter(([, record]) => isOver(record));
    const oldest = all.slice(0, over.length === 0 ? Math.ceil(recordsKeptMax / 10) : 0);
    for (const [key] of [...over, ...oldest]) records.delete(key);
    count = [...records.entries()].length;
  }
  return {
    put(record) {
      count += 1;
      if (count > recordsKeptMax) makeRoom();
      records.put(keyOf(record.model, record.id), record);
    },
    find,
    findByUid(model, uid) {
      for (const [, record] of records.entries()) {
        if (record.model === model && record.uid === uid && !isOver(record)) return record;
      }
      return null;
    },
    consume(model, id) {
      const record = find(model, id);
      if (!record || record.consumedAt !== null) return false;
      records.put(keyOf(model, id), { ...record, consumedAt: now() });
      return true;
    },
    delete: (model, id) => records.delete(keyOf(model, id)),
    deleteOfGrant(model, grantId) {
      for (const [key, record] of records.entries()) {
        if (record.model === model && record.grantId === grantId) records.delete(key);
      }
    },
    hasExpired(model, id) {
      const record = records.get(keyOf(model, id));
      return record !== null && isOver(record);
    },
  };
}
