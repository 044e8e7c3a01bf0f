import { errors } from 'oidc-provider';
import { expect, it } from 'vitest';
import { manualClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { adapterFor } from '../../../src/test-bank/authorization-server/adapter.ts';
import { oauthRecords, oauthRecordSchema } from '../../../src/test-bank/authorization-server/records.ts';
import { openBank } from '../../../src/test-bank/bank.ts';
import { memoryState } from '../../../src/test-bank/state/state.ts';
import { noon, scenarioOf } from '../support.ts';
import { household } from './household.ts';

/** An authorization server's memory under two clocks: the machine's, which oidc-provider reads, and the bank's. */
function memory() {
  const machine = manualClock(new Date('2031-07-01T00:00:00Z'));
  const clock = manualClock(noon);
  const state = memoryState();
  const bank = openBank(scenarioOf(household), state, clock, silentLog);
  const records = oauthRecords(state.collection('oauth', oauthRecordSchema), bank.clock);
  const seconds = () => Math.floor(machine.now().getTime() / 1000);
  return { machine, clock, seconds, of: (model: string) => adapterFor(bank, records, model, machine) };
}

it('ages records by the clock of the bank only, in the frame of the machine', async () => {
  const { machine, clock, seconds, of } = memory();
  const codes = of('AuthorizationCode');
  await codes.upsert('c1', { iat: seconds(), exp: seconds() + 60 }, 60);
  machine.advance(3_600_000);
  expect(await codes.find('c1')).toEqual({ iat: seconds(), exp: seconds() + 60 });
  clock.advance(40_000);
  expect(await codes.find('c1')).toEqual({ iat: seconds() - 40, exp: seconds() + 20 });
  clock.advance(20_000);
  expect(await codes.find('c1')).toBeUndefined();
});

it('lets only one of two calls use a token that both have found, and ends the family', async () => {
  const { of } = memory();
  const [refreshTokens, accessTokens] = [of('RefreshToken'), of('AccessToken')];
  await refreshTokens.upsert('r1', { grantId: 'g1' }, 60);
  await refreshTokens.upsert('r2', { grantId: 'g1' }, 60);
  await refreshTokens.upsert('r3', { grantId: 'g2' }, 60);
  await accessTokens.upsert('a1', { grantId: 'g1' }, 60);
  const grants = of('Grant');
  await grants.upsert('g1', {}, 60);
  expect(await Promise.all([refreshTokens.find('r1'), refreshTokens.find('r1')])).not.toContain(undefined);
  const uses = await Promise.allSettled([refreshTokens.consume('r1'), refreshTokens.consume('r1')]);
  expect(uses.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(uses[1]).toMatchObject({ reason: expect.any(errors.InvalidGrant) });
  expect(await Promise.all([refreshTokens.find('r1'), refreshTokens.find('r2'), accessTokens.find('a1')])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await grants.find('g1')).toBeUndefined();
  expect(await refreshTokens.find('r3')).toEqual({ grantId: 'g2' });
});
