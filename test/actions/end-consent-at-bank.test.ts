import { expect, onTestFinished, test } from 'vitest';
import { endConsentAtBank } from '../../src/actions/end-consent-at-bank.ts';
import type { BankCall, BankSession, Connector } from '../../src/connectors/connector.ts';
import { parsePayload } from '../../src/jobs/payloads.ts';
import { installJobs } from '../../src/jobs/install.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { newId } from '../../src/kernel/id.ts';
import { revocationSealContext } from '../../src/store/jobs.ts';
import { openBank } from '../connectors/berlin-group/linked-bank.ts';
import { openStetBank } from '../connectors/stet/bank-at.ts';
import { testDatabase } from '../support/database.ts';
import { houseContext } from '../support/house-context.ts';

interface Bank {
  readonly clock: Clock;
  readonly connector: Connector;
  readonly call: (psu: null) => BankCall;
}

/** The jobs of a house that has to end this session, the first one with the session as it was given. */
async function revocation({ clock, connector, call }: Bank, session: BankSession) {
  const database = await testDatabase();
  await installJobs(database.url, silentLog);
  const context = await houseContext({ database, clock, connectors: new Map([[connector.dialect, connector]]) });
  const consentId = newId('consent', clock.now());
  const sealed = context.vault.sealForHouse(revocationSealContext(consentId), session);
  const sealedSession = Buffer.from(sealed).toString('base64url');
  const { baseUrl, timeZone, quirks } = call(null).endpoint;
  const first = { consentId, dialect: connector.dialect, endpoint: { baseUrl, timeZone, quirks }, sealedSession };
  const jobs = async () =>
    context.database.sql`select payload, max_attempts from graphile_worker._private_jobs order by id`;
  return {
    first: (attemptsLeft = 24) => endConsentAtBank(context, first, attemptsLeft),
    jobs,
    async next() {
      const [job] = await jobs();
      await endConsentAtBank(context, parsePayload('revoke-consent', job!['payload']));
    },
  };
}

test('a consent whose bank fails after it has renewed the tokens is ended by the next attempt', async () => {
  const bank = await openBank({ bank: { scaApproach: 'oauth-integrated' }, switches: { refreshTokens: 'rotating' } });
  const session = await bank.link();
  const status = () => bank.bank.consents.find(String(session['consentId']))?.status;
  const house = await revocation(bank, session);
  bank.clock.advance(3600_000);
  bank.bank.faults.trigger({ kind: 'unavailable', calls: 1, path: '/berlin-group/v1/consents', days: 0 });
  await expect(house.first(7)).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
  expect(status()).toBe('valid');
  expect(await house.jobs()).toMatchObject([{ max_attempts: 7 }]);
  await house.next();
  expect(status()).toBe('terminatedByTpp');
});

test('a consent that ends at once with renewed tokens leaves no job behind', async () => {
  const bank = await openBank({ bank: { scaApproach: 'oauth-integrated' }, switches: { refreshTokens: 'rotating' } });
  const session = await bank.link();
  const house = await revocation(bank, session);
  bank.clock.advance(3600_000);
  await house.first();
  expect(bank.bank.consents.find(String(session['consentId']))?.status).toBe('terminatedByTpp');
  expect(await house.jobs()).toEqual([]);
});

test('where a bank knows no revocation of tokens, what was consented to is taken back by the next attempt', async () => {
  const bank = await openStetBank();
  onTestFinished(() => bank.close());
  const session = await bank.link();
  const oauth = { authorizationEndpoint: `${bank.url}/oauth/authorize`, tokenEndpoint: `${bank.url}/oauth/token` };
  const call = () => ({ ...bank.call(null), endpoint: { ...bank.call(null).endpoint, quirks: { oauth } } });
  const house = await revocation({ ...bank, call }, session);
  bank.clock.advance(16 * 60_000);
  bank.faults.trigger({ kind: 'unavailable', calls: 1, path: '/stet/v1/consents', days: 0 });
  await expect(house.first()).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
  const before = bank.dataCalls().length;
  await house.next();
  expect(bank.dataCalls().slice(before)).toEqual(['PUT /stet/v1/consents']);
});
