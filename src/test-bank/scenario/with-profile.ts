import { isRecord } from './is-record.ts';
import { profiles } from './profiles.ts';

/**
 * Puts what a profile sets under what the file says, before the file is checked. Whatever is not understood is left as
 * it is: the check tells it.
 */
export function withProfile(data: unknown): unknown {
  if (!isRecord(data) || !isRecord(data['bank'])) return data;
  const { bank } = data;
  const name = bank['profile'];
  const profile = Object.entries(profiles).find(([known]) => known === name)?.[1];
  if (!profile) return data;
  const own = bank['switches'] ?? {};
  const switches = isRecord(own) ? { ...profile.bank.switches, ...own } : own;
  return { ...data, bank: { ...profile.bank, ...bank, switches } };
}
