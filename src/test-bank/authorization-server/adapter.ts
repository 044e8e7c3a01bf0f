import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Bank } from '../bank.ts';
import { clientMetadata } from './client-metadata.ts';
import type { OauthRecord, OauthRecords } from './records.ts';

/**
 * Where oidc-provider keeps its models: clients are the third parties of the scenario, all else is in the bank's state.
 *
 * oidc-provider reads the machine's clock and offers no other. So every time in a record is told in the bank's time
 * when it is kept, and in the machine's time when it is read again: what is left of a token is then right by the bank's
 * clock, however that was moved in between.
 */
export function adapterFor(bank: Bank, records: OauthRecords, model: string, machine: Clock = systemClock): Adapter {
  const ahead = () => Math.round((bank.clock.now().getTime() - machine.now().getTime()) / 1000);
  const payloadOf = (record: OauthRecord | null): AdapterPayload | undefined => {
    if (!record) return undefined;
    const consumed = record.consumedAt === null ? {} : { consumed: record.consumedAt };
    return moved({ ...record.payload, ...consumed }, -ahead());
  };
  return {
    async upsert(id, payload, expiresInSeconds) {
      const { grantId = null, uid = null } = payload;
      const now = Math.floor(bank.clock.now().getTime() / 1000);
      const expiresAt = expiresInSeconds === undefined ? null : now + Math.floor(expiresInSeconds);
      records.put({ model, id, payload: moved(payload, ahead()), grantId, uid, expiresAt, consumedAt: null });
      await bank.state.saved();
    },
    find: (id) =>
      Promise.resolve(model === 'Client' ? clientMetadata(bank.scenario(), id) : payloadOf(records.find(model, id))),
    findByUid: (uid) => Promise.resolve(payloadOf(records.findByUid(model, uid))),
    /** Of the device flow, which is off. */
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      const record = records.find(model, id);
      if (!records.consume(model, id)) {
        // Two calls with one token at once: oidc-provider looked before either had used it. Without the grant, what
        // the first of them is about to save is worth nothing either.
        for (const family of families) records.deleteOfGrant(family, record?.grantId ?? '');
        records.delete('Grant', record?.grantId ?? '');
        await bank.state.saved();
        throw new errors.InvalidGrant('already used');
      }
      await bank.state.saved();
    },
    async destroy(id) {
      records.delete(model, id);
      await bank.state.saved();
    },
    async revokeByGrantId(grantId) {
      records.deleteOfGrant(model, grantId);
      await bank.state.saved();
    },
  };
}

const families = ['AccessToken', 'RefreshToken', 'AuthorizationCode'] as const;

/** Whatever is an instant in a payload of oidc-provider: seconds since 1970. */
const instants = new Set(['iat', 'exp', 'iiat', 'loginTs', 'authTime', 'consumed']);

function moved<Payload extends object>(payload: Payload, seconds: number): Payload {
  return Object.assign(
    { ...payload },
    Object.fromEntries(
      Object.entries(payload).flatMap(([name, value]) =>
        instants.has(name) && typeof value === 'number' ? [[name, value + seconds]] : [],
      ),
    ),
  );
}
