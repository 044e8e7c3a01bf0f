import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import {
  consumeOauthRecord,
  deleteOauthRecord,
  deleteOauthRecordsOfGrant,
  findOauthRecord,
  upsertOauthRecord,
  type FoundOauthRecord,
} from '../store/oauth-records.ts';
import { clientMetadata } from './client-metadata.ts';

type AdapterContext = Pick<ActionContext, 'database'>;

/**
 * Where oidc-provider keeps its models: clients are the rows of our clients, all else is in oauth_records.
 *
 * oidc-provider reads the machine's clock and offers no other. So records expire by that clock on both sides, while
 * what others can see of time, the `iat` and `exp` of access tokens, comes from the injected one (provider.ts).
 */
export function adapterFor(context: AdapterContext, model: string): Adapter {
  const { database } = context;
  const machineTime = () => new Date();
  return {
    async upsert(id, payload, expiresInSeconds) {
      const expiresAt =
        expiresInSeconds === undefined
          ? null
          : new Date(machineTime().getTime() + expiresInSeconds * millisecondsPerSecond);
      const { grantId = null, uid = null } = payload;
      await upsertOauthRecord(database, { model, id, grantId, uid, payload: { ...payload }, expiresAt });
    },
    async find(id) {
      if (model === 'Client') return clientMetadata(database, id);
      return payloadOf(await findOauthRecord(database, model, { id }, machineTime()));
    },
    async findByUid(uid) {
      return payloadOf(await findOauthRecord(database, model, { uid }, machineTime()));
    },
    /** Of the device flow, which is off. */
    findByUserCode: () => Promise.resolve(undefined),
    consume: (id) => consumeOauthRecord(database, model, id, machineTime()),
    destroy: (id) => deleteOauthRecord(database, model, id),
    revokeByGrantId: (grantId) => deleteOauthRecordsOfGrant(database, grantId),
  };
}

function payloadOf(record: FoundOauthRecord | null): AdapterPayload | undefined {
  if (!record) return undefined;
  const consumed = record.consumedAt && Math.floor(record.consumedAt.getTime() / millisecondsPerSecond);
  return { ...record.payload, ...(consumed ? { consumed } : {}) };
}
