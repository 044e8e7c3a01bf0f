import { expect, it } from 'vitest';
import { deleteAccount } from '../../src/actions/delete-account.ts';
import { deleteConnection } from '../../src/actions/delete-connection.ts';
import { deleteUser } from '../../src/actions/delete-user.ts';
import type { ActionContext } from '../../src/actions/context.ts';
import { parsePayload } from '../../src/jobs/payloads.ts';
import { channelSealContext, updateChannel } from '../../src/store/channels.ts';
import { revocationSealContext } from '../../src/store/jobs.ts';
import { accounts } from '../../src/store/schema/tables.ts';
import { bankAccount } from '../support/fake-connector.ts';
import { linkedBank, type LinkedBank } from '../support/linked-bank.ts';

const ways = {
  'its connection': (context: ActionContext, { scope, connection }: LinkedBank) =>
    deleteConnection(context, scope, connection.id),
  'its last account': async (context: ActionContext, { scope, database }: LinkedBank) => {
    const [account] = await database.db.select().from(accounts);
    await deleteAccount(context, scope, account!.id);
  },
  'its user': (context: ActionContext, { scope }: LinkedBank) => deleteUser(context, scope),
};

it.each(Object.entries(ways))(
  'a consent that goes with %s ends with the tokens that a sync has renewed meanwhile',
  async (_, erase) => {
    const world = await linkedBank();
    world.bank.accounts = [bankAccount()];
    await world.sync('LIST_ACCOUNTS');
    const { context, scope, database, connection } = world;
    const { vault } = context;
    const renewed = { consentId: 'bank-consent', refreshToken: 'the second' };
    let isRenewed = false;
    const opening = async (...given: Parameters<typeof vault.open>) => {
      const session = await vault.open(...given);
      if (!isRenewed) {
        isRenewed = true;
        const sealedSession = await vault.seal(scope, channelSealContext(connection.channelId), renewed);
        await updateChannel(scope, database.db, connection.channelId, { sealedSession });
      }
      return session;
    };
    await erase({ ...context, vault: { ...vault, open: opening } }, world);
    const jobs = await database.sql`
      select payload from graphile_worker._private_jobs where payload ->> 'consentId' is not null`;
    expect(jobs).toHaveLength(1);
    const { consentId, sealedSession } = parsePayload('revoke-consent', jobs[0]!['payload']);
    const sealed = Buffer.from(sealedSession, 'base64url');
    expect(vault.openForHouse(revocationSealContext(consentId), sealed)).toEqual(renewed);
  },
);
