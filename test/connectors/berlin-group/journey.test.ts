import { eq } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerChallenge } from '../../../src/actions/answer-challenge.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { startConnection } from '../../../src/actions/start-connection.ts';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import { scopeOfRow } from '../../../src/domain/viewer.ts';
import { millisecondsPerDay } from '../../../src/kernel/clock.ts';
import type { SyncId } from '../../../src/kernel/id.ts';
import { saveProvider } from '../../../src/store/providers.ts';
import { accounts, challenges, consents, syncs, transactions } from '../../../src/store/schema/tables.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { bankReturn } from '../../../src/widget/server/bank-return.ts';
import { seedClient, seedUser } from '../../support/fixtures.ts';
import { houseContext } from '../../support/house-context.ts';
import { openBankAt, scenarioOf } from '../../test-bank/support.ts';

const psu = { ipAddress: '192.0.2.7' };
const person = { login: 'ada', password: 'secret12' } as const;

interface BankOptions {
  readonly scaApproach: string;
  readonly challenge?: object;
  readonly switches?: object;
  readonly quirks?: Record<string, unknown>;
  readonly fields?: readonly string[];
}

/** The product in front of a Berlin Group bank, and a person who begins to link it. */
async function linking({
  scaApproach,
  challenge = { kind: 'none' },
  switches = {},
  quirks = {},
  fields = [],
}: BankOptions) {
  const scenario = scenarioOf({
    seed: 'journey',
    epoch: '2026-01-01',
    bank: { name: 'Bank', scaApproach, switches },
    people: [{ id: 'ada', name: 'Ada', ...person, challenge }],
    accounts: [
      {
        id: 'current',
        owners: ['ada'],
        type: 'checking',
        name: 'Compte',
        openingBalance: '1000.00',
        transactions: [
          { every: { days: 1 }, times: 2, kind: 'card', amount: '-1.50', text: 'CARTE CAFE' },
          { every: { days: 3 }, kind: 'card', amount: '-20.00', pending: { days: 2 }, text: 'CARTE LIDL {ddmm}' },
        ],
      },
    ],
  });
  const server = await openBankAt(new Date('2026-03-10T08:00:00Z'), { scenario });
  const { clock } = server;
  const { clientId: id, clientSecret } = sandboxThirdParty;
  const identities = new Map([['default', { clientId: id, clientSecret }]]);
  const http = createBankHttp({ clock, identities });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const connectors = createRegistry([createBerlinGroupConnector(http, identities)]);
  const context = await houseContext({ clock, connectors });
  const { db } = context.database;
  const label = { en: 'Field', fr: 'Champ' };
  const oauth = scaApproach === 'oauth-pre-step' ? { oauth: { issuer: `${server.url}/oauth` } } : {};
  const providerId = await saveProvider(
    db,
    {
      provider: { slug: 'bank', name: 'Bank', country: 'FR', isTest: true, isEnabled: true },
      channels: [
        {
          kind: 'REDIRECT',
          dialect: 'berlin-group',
          baseUrl: `${server.url}/berlin-group/v1`,
          quirks: { ...oauth, ...quirks },
          accountTypes: ['CHECKINGS'],
          credentialFields: fields.map((name) => ({ name, label, isSecret: false, isRequired: true, maxLength: 70 })),
        },
      ],
    },
    clock.now(),
  );
  const clientId = await seedClient(context.database);
  const scope = scopeOfRow({ clientId, userId: await seedUser(context.database, clientId) });
  const given: Record<string, string> = { psuId: person.login, password: person.password };
  const credentials = fields.map((name) => ({ name, value: given[name] ?? '' }));
  const input = { providerId, channels: null, credentials, redirectUrl: null, psu } as const;
  const started = await startConnection(context, scope, input);
  const run = (syncId: SyncId) => runSync(context, scope, syncId, new AbortController().signal);
  return {
    ...started,
    bank: server.bank,
    clock,
    db,
    run,
    /** The person's browser at the bank and back, as often as the bank wants it. */
    async visit(): Promise<SyncId> {
      let url = started.authorizationUrl ?? '';
      for (let count = 0; count < 3; count += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one visit after the other
        const back = await visitBank(url, person);
        // oxlint-disable-next-line no-await-in-loop -- as above
        const response = await bankReturn(context, new Request(back), '192.0.2.7');
        const location = response.headers.get('location');
        if (location === null) break;
        url = location;
      }
      const [sync] = await db.select().from(syncs);
      if (!sync) throw new Error('No sync was queued.');
      return sync.id;
    },
    /** The same for a browser that a challenge sends to the bank. */
    async visitChallenge() {
      const [open] = await db.select().from(challenges).where(eq(challenges.status, 'OPEN'));
      if (open?.details.kind !== 'REDIRECT') throw new Error('No challenge sends the browser to the bank.');
      await bankReturn(context, new Request(await visitBank(open.details.url, person)), '192.0.2.7');
    },
    async answer(text: string | null) {
      const [open] = await db.select().from(challenges).where(eq(challenges.status, 'OPEN'));
      if (!open) throw new Error('No challenge is open.');
      return answerChallenge(context, scope, { challengeId: open.id, answer: text, psu });
    },
    async night() {
      clock.advance(millisecondsPerDay);
      const asked = { connectionId: started.connectionId, type: 'ALL', trigger: 'SCHEDULED', psu: null } as const;
      return run((await requestSync(context, scope, asked)).syncId);
    },
    async ours() {
      const [current] = await db.select().from(accounts);
      const rows = await db.select().from(transactions).where(eq(transactions.accountId, current!.id));
      return rows.flatMap((row) => (row.status === 'BOOKED' ? `${row.bookedOn} ${row.amount}` : [])).toSorted();
    },
    theirs() {
      const book = server.bank.ledger().account('current')!;
      return book
        .booked(0, book.bookedCount)
        .map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`)
        .toSorted();
    },
  };
}

async function expectSameBooksOverNights(house: Awaited<ReturnType<typeof linking>>) {
  expect(await house.ours()).toEqual(house.theirs());
  for (let night = 1; night <= 5; night += 1)
    // oxlint-disable-next-line no-await-in-loop -- one night after the other
    expect([night, await house.night()]).toEqual([night, 'SUCCEEDED']);
  expect(await house.ours()).toEqual(house.theirs());
}

describe('a person who links a bank', () => {
  test('with codes through us is asked for the way, then for the code, once', async () => {
    const house = await linking({
      scaApproach: 'embedded',
      challenge: { kind: 'otp', methods: ['sms', 'chip'] },
      fields: ['psuId', 'password'],
    });
    expect(await house.run(house.syncId!)).toBe('WAITING_FOR_USER');
    await house.answer('sms');
    expect(await house.run(house.syncId!)).toBe('WAITING_FOR_USER');
    await house.answer('000000');
    expect(await house.run(house.syncId!)).toBe('WAITING_FOR_USER');
    await house.answer(house.bank.challenges.sentTo('ada')[0]!.code);
    expect(await house.run(house.syncId!)).toBe('SUCCEEDED');
    await expectSameBooksOverNights(house);
    expect(house.bank.challenges.sentTo('ada')).toHaveLength(1);
    expect(await house.db.select().from(consents)).toMatchObject([
      { status: 'ACTIVE', bankConsentId: expect.any(String) },
    ]);
  });

  test('with approval in its app is waited for', async () => {
    const house = await linking({ scaApproach: 'decoupled', switches: { psuId: 'required' }, fields: ['psuId'] });
    expect(await house.run(house.syncId!)).toBe('WAITING_FOR_USER');
    house.bank.challenges.decide(house.bank.challenges.sentTo('ada')[0]!.id, true);
    await house.answer(null);
    expect(await house.run(house.syncId!)).toBe('SUCCEEDED');
    await expectSameBooksOverNights(house);
    expect(house.bank.challenges.sentTo('ada')).toHaveLength(1);
  });

  test.each(['oauth-integrated', 'redirect'])(
    'by %s after all, though his name was asked for first',
    async (scaApproach) => {
      const house = await linking({ scaApproach, fields: ['psuId'] });
      expect(await house.run(house.syncId!)).toBe('WAITING_FOR_USER');
      await house.visitChallenge();
      expect(await house.run(house.syncId!)).toBe('SUCCEEDED');
      await expectSameBooksOverNights(house);
    },
  );

  test.each([
    ['by OAuth2 after the consent', { scaApproach: 'oauth-integrated' }],
    ['by OAuth2 before the consent', { scaApproach: 'oauth-pre-step', quirks: { preStepScope: 'AIS' } }],
    ['by number, in two visits', { scaApproach: 'redirect', quirks: { consentAccess: 'detailed' } }],
    ['by a confirmed return', { scaApproach: 'redirect', switches: { confirmation: 'code' } }],
  ])('%s has data the next nights as well', async (_, options) => {
    const house = await linking(options);
    expect(await house.run(await house.visit())).toBe('SUCCEEDED');
    await expectSameBooksOverNights(house);
  });
});
