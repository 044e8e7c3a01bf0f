import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import {
  consumeOauthRecord,
  deleteOauthRecord,
  deleteOauthRecordsOfGrant,
  findOauthRecord,
  insertOauthRecord,
  upsertOauthRecord,
  type FoundOauthRecord,
  type OauthRecord,
} from '../store/oauth-records.ts';
import { clientMetadata } from './client-metadata.ts';
import { refreshRaceInSeconds } from './lifetimes.ts';

interface AdapterContext extends Pick<ActionContext, 'database' | 'clock'> {
  readonly isTlsOffered: boolean;
}

/**
 * Where oidc-provider keeps its models: clients are rows of ours, all else is in oauth_records. It judges `exp` by the
 * machine's clock and offers no other, so what it keeps expires by that one and, here, by the injected one as well.
 */
export function adapterFor(context: AdapterContext, model: string): Adapter {
  const { database, clock } = context;

  function toRecord(id: string, payload: AdapterPayload, expiresInSeconds: number | undefined): OauthRecord {
    const expiresAt =
      expiresInSeconds === undefined
        ? null
        : new Date(clock.now().getTime() + expiresInSeconds * millisecondsPerSecond);
    const { grantId = null, uid = null, accountId = null } = payload;
    return { model, id, grantId, uid, accountId, payload: { ...payload }, expiresAt };
  }

  function payloadOf(record: FoundOauthRecord | null): AdapterPayload | undefined {
    if (!record) return undefined;
    if (record.consumedAt === null || isRace(record.consumedAt)) return record.payload;
    return { ...record.payload, consumed: Math.floor(record.consumedAt.getTime() / millisecondsPerSecond) };
  }

  /**
   * A refresh token whose use has only just been seen. At the token endpoint it passes for unused, since oidc-provider
   * would end its family; it then fails at `consume`, which ends nothing.
   */
  function isRace(consumedAt: Date): boolean {
    const isRefresh = model === 'RefreshToken' && Provider.ctx?.oidc.route === 'token';
    return isRefresh && clock.now().getTime() - consumedAt.getTime() < refreshRaceInSeconds * millisecondsPerSecond;
  }

  return {
    async upsert(id, payload, expiresInSeconds) {
      const record = toRecord(id, payload, expiresInSeconds);
      if (model !== 'ReplayDetection') return upsertOauthRecord(database, record);
      // Two gateways may have found the same assertion unused.
      if (await insertOauthRecord(database, record, clock.now())) return;
      throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
    },
    async find(id) {
      if (model === 'Client') return clientMetadata(context, id);
      return payloadOf(await findOauthRecord(database, model, { id }, clock.now()));
    },
    async findByUid(uid) {
      return payloadOf(await findOauthRecord(database, model, { uid }, clock.now()));
    },
    /** Of the device flow, which is off. */
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      if (await consumeOauthRecord(database, model, id, clock.now())) return;
      // Somebody else used it since it was found. A code that came twice ends what came of it (RFC 6749, 4.1.2).
      const record = model === 'AuthorizationCode' ? await findOauthRecord(database, model, { id }, clock.now()) : null;
      const grantId = record?.payload['grantId'];
      if (typeof grantId === 'string') await deleteOauthRecordsOfGrant(database, grantId);
      throw new errors.InvalidGrant('already used');
    },
    destroy: (id) => deleteOauthRecord(database, model, id),
    revokeByGrantId: (grantId) => deleteOauthRecordsOfGrant(database, grantId),
  };
}
