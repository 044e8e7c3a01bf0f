import { describe, expect, test } from 'vitest';
import type { SignInState } from '../../../src/connectors/connector.ts';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { openBank, psu, type OpenBank } from './linked-bank.ts';

const embedded = { bank: { scaApproach: 'embedded' } } as const;
const decoupled = { bank: { scaApproach: 'decoupled' } } as const;

type Challenged = Extract<SignInState, { status: 'CHALLENGED' }>;

/** A person's way through the questions, each answer a call of its own with the session as it is stored. */
function signInAt(bank: OpenBank, credentials: Record<string, string> = { psuId: 'bruno', password: 'tributary2' }) {
  const { signIn } = bank.connector;
  if (!signIn) throw new Error('The connector has no sign-in.');
  const request = { ...bank.request(), credentials, session: null };
  return {
    begin: (session: SignInState['session'] | null = null, present: typeof psu | null = psu) =>
      signIn.begin(bank.call(present), { ...request, session }),
    async asked(): Promise<Challenged> {
      return challenged(await this.begin());
    },
    proceed: (
      state: SignInState,
      answer: string | null,
      parameters?: Record<string, string>,
      present: typeof psu | null = psu,
    ) =>
      signIn.proceed(
        bank.call(present),
        { ...request, session: JSON.parse(JSON.stringify(state.session)) },
        answer,
        parameters,
      ),
    code: () => bank.bank.challenges.sentTo('bruno')[0]?.code ?? '',
  };
}

function challenged(state: SignInState): Challenged {
  if (state.status !== 'CHALLENGED') throw new Error('Nothing is asked.');
  return state;
}

describe('codes through us', () => {
  test('are asked for in the bank’s words, with where the code went and its form', async () => {
    const person = signInAt(await openBank(embedded));
    const { challenge, session } = await person.asked();
    expect(challenge).toEqual({
      kind: 'OTP',
      prompt: 'We have sent a code to +33 xx xx xx 32.',
      sentTo: 'SMS to +33 xx xx xx 32',
      attemptsLeft: null,
      lengthMax: 8,
      isNumeric: true,
      expiresAt: new Date('2026-03-10T09:05:00Z'),
    });
    expect(JSON.stringify(session)).not.toContain('tributary2');
  });

  test('that are wrong leave the attempts that the bank is known to give, then fail', async () => {
    const bank = await openBank({ ...embedded, quirks: { codeAttemptsMax: 3 } });
    const person = signInAt(bank);
    let state = await person.asked();
    const left = [];
    for (let count = 0; count < 2; count += 1) {
      left.push(state.challenge.kind === 'OTP' && state.challenge.attemptsLeft);
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      state = challenged(await person.proceed(state, 'wrong'));
    }
    expect([...left, state.challenge.kind === 'OTP' && state.challenge.attemptsLeft]).toEqual([3, 2, 1]);
    await expect(person.proceed(state, 'wrong')).rejects.toMatchObject({ code: 'SCA_FAILED' });
    await expect(person.begin()).rejects.toMatchObject({ code: 'ACCOUNT_LOCKED' });
  });

  test('are taken with spaces around them; no answer leaves the question, and asks the bank nothing', async () => {
    const bank = await openBank(embedded);
    const person = signInAt(bank);
    const state = await person.asked();
    bank.asked();
    expect(await person.proceed(state, null)).toEqual(state);
    expect(bank.asked()).toEqual([]);
    expect(await person.proceed(state, ` ${person.code()} `)).toMatchObject({
      status: 'SIGNED_IN',
      validUntil: '2026-06-08',
      frequencyPerDay: 4,
      session: { consentId: expect.any(String), validUntil: '2026-06-08', frequencyPerDay: 4 },
    });
  });

  test('are over after their time, and nothing is sent to the bank', async () => {
    const bank = await openBank(embedded);
    const person = signInAt(bank);
    const state = await person.asked();
    bank.clock.advance(300_000);
    bank.asked();
    await expect(person.proceed(state, person.code())).rejects.toMatchObject({ code: 'SCA_TIMEOUT' });
    expect(bank.asked()).toEqual([]);
  });

  test('whose way the person may choose are chosen first', async () => {
    const bank = await openBank({
      ...embedded,
      bruno: { challenge: { kind: 'otp', methods: ['sms', 'chip', 'app'] } },
    });
    const person = signInAt(bank);
    const choice = await person.asked();
    expect(choice.challenge).toMatchObject({
      kind: 'CHOICE',
      options: [
        { value: 'sms', label: 'SMS to +33 xx xx xx 32' },
        { value: 'chip', label: 'Card reader' },
        { value: 'app', label: 'App of the bank' },
      ],
    });
    expect(await person.proceed(choice, 'letter')).toEqual(choice);
    const chip = challenged(await person.proceed(choice, 'chip'));
    expect(chip.challenge).toMatchObject({ kind: 'OTP', sentTo: 'Card reader' });
    expect(chip.challenge.prompt).toMatch(/^Type the challenge into the card reader\.\n\d{8}$/);
    expect((await person.proceed(chip, person.code())).status).toBe('SIGNED_IN');

    const app = challenged(await person.proceed(await person.asked(), 'app'));
    expect(app.challenge).toMatchObject({
      kind: 'APP_APPROVAL',
      prompt: 'Please approve in the app of Banque des Affluents.',
      comparisonCode: null,
    });
    bank.bank.challenges.decide(bank.bank.challenges.sentTo('bruno')[0]!.id, true);
    expect((await person.proceed(app, null)).status).toBe('SIGNED_IN');
  });

  test('need none where the password is enough', async () => {
    const bank = await openBank(embedded);
    expect((await signInAt(bank, { psuId: 'alice', password: 'tributary1' }).begin()).status).toBe('SIGNED_IN');
  });

  test('begin with the question for a password where the form has none', async () => {
    const person = signInAt(await openBank(embedded), { psuId: 'bruno' });
    const question = await person.asked();
    expect(question.challenge).toMatchObject({ kind: 'QUESTION', isSecret: true });
    await expect(person.proceed(question, 'wrong')).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    const code = challenged(await person.proceed(question, 'tributary2'));
    expect(code.challenge.kind).toBe('OTP');
    expect(JSON.stringify(code.session)).not.toContain('tributary2');
  });
});

describe('without the person', () => {
  test.each([
    ['OTP', embedded, 'SCA_OTP_REQUIRED'],
    ['APP_APPROVAL', decoupled, 'SCA_DECOUPLED_PENDING'],
  ])('an open %s is told, and nothing is sent to him', async (_, options, code) => {
    const bank = await openBank(options);
    const person = signInAt(bank);
    const { session } = await person.asked();
    const sent = bank.bank.challenges.sentTo('bruno').length;
    await expect(person.begin(session, null)).rejects.toMatchObject({ code });
    await expect(person.begin(null, null)).rejects.toMatchObject({ code: 'SCA_REQUIRED' });
    expect(bank.bank.challenges.sentTo('bruno')).toHaveLength(sent);
  });

  test('a consent that still stands is enough, one that is over is told as such', async () => {
    const bank = await openBank(embedded);
    const person = signInAt(bank);
    const { session } = await person.proceed(await person.asked(), person.code());
    bank.asked();
    expect((await person.begin(session, null)).status).toBe('SIGNED_IN');
    expect(bank.asked()).toEqual([
      expect.stringMatching(/^GET .*\/status$/),
      expect.stringMatching(/^GET \/consents\//),
    ]);
    await bank.connector.revokeConsent(bank.call(), session);
    await expect(person.begin(session, null)).rejects.toMatchObject({ code: 'CONSENT_REVOKED_AT_BANK' });
    bank.clock.advance(91 * 86_400_000);
    const other = signInAt(bank, { psuId: 'alice', password: 'tributary1' });
    const fresh = await other.begin();
    bank.clock.advance(91 * 86_400_000);
    await expect(other.begin(fresh.session, null)).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
  });

  test('an approval in the app is seen', async () => {
    const bank = await openBank(decoupled);
    const person = signInAt(bank);
    const state = await person.asked();
    bank.bank.challenges.decide(bank.bank.challenges.sentTo('bruno')[0]!.id, true);
    expect((await person.proceed(state, null, undefined, null)).status).toBe('SIGNED_IN');
  });
});

describe('approval in the app', () => {
  test('is waited for until its time is over', async () => {
    const bank = await openBank(decoupled);
    const person = signInAt(bank);
    const state = await person.asked();
    expect(await person.proceed(state, null)).toEqual(state);
    bank.clock.advance(299_000);
    expect(await person.proceed(state, null)).toEqual(state);
    bank.clock.advance(1000);
    await expect(person.proceed(state, null)).rejects.toMatchObject({
      code: expect.stringMatching(/^SCA_(TIMEOUT|FAILED)$/),
    });
  });

  test('of nobody whom the bank knows is refused as credentials', async () => {
    const person = signInAt(await openBank(decoupled), { psuId: 'nobody' });
    await expect(person.begin()).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
  });
});

describe('what the person typed', () => {
  test.each([
    [{}, 'psuId'],
    [{ psuId: ' ' }, 'psuId'],
    [{ psuId: 'müller' }, 'psuId'],
    [{ psuId: 'a\r\nx-evil: 1' }, 'psuId'],
    [{ psuId: 'bruno', psuCorporateId: 'ä' }, 'psuCorporateId'],
  ])('as %j is refused before the bank is asked, with the field', async (credentials, field) => {
    const bank = await openBank(embedded);
    await expect(signInAt(bank, { ...credentials }).begin()).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['credentials', field] }],
    });
    expect(bank.asked()).toEqual([]);
  });

  test('as PSU-ID, its type and the corporate id is on every step', async () => {
    const bank = await openBank({ ...embedded, quirks: { psuIdType: 'DE_ONLB_DB' } });
    const person = signInAt(bank, { psuId: 'bruno', password: 'tributary2', psuCorporateId: 'ACME' });
    await person.proceed(await person.asked(), person.code());
    const given = bank.bank.calls.after(0).filter(({ method }) => method === 'POST' || method === 'PUT');
    expect(given).toHaveLength(3);
    for (const { headers } of given)
      expect(headers).toMatchObject({ 'psu-id': 'bruno', 'psu-id-type': 'DE_ONLB_DB', 'psu-corporate-id': 'ACME' });
  });

  test('as IBANs opens these accounts alone; a bank that wants them says so', async () => {
    const bank = await openBank({ ...embedded, quirks: { consentAccess: 'detailed' } });
    const [first] = await bank.connector.listAccounts(
      bank.call(),
      (await signInAt(bank, { psuId: 'alice', password: 'tributary1', iban: 'FR7638952676271959531534789' }).begin())
        .session,
    );
    expect(first?.iban).toBe('FR7638952676271959531534789');
    await expect(signInAt(bank).begin()).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['credentials', 'iban'] }],
    });
  });
});

describe('a bank that wants the browser after all', () => {
  test.each([
    ['by redirect', { bank: { scaApproach: 'redirect' } }],
    ['with a code to confirm', { bank: { scaApproach: 'redirect' }, switches: { confirmation: 'code' } }],
    ['by OAuth2', { bank: { scaApproach: 'oauth-integrated' } }],
  ])('has it %s', async (_, options) => {
    const bank = await openBank(options);
    const person = signInAt(bank);
    const state = await person.asked();
    if (state.challenge.kind !== 'REDIRECT') throw new Error(`A ${state.challenge.kind} is asked.`);
    expect((await person.proceed(state, null)).status).toBe('CHALLENGED');
    await expect(person.begin(state.session, null)).rejects.toMatchObject({ code: 'SCA_REDIRECT_REQUIRED' });
    const back = new URL(await visitBank(state.challenge.url, { login: 'bruno', password: 'tributary2' }));
    const done = await person.proceed(state, null, Object.fromEntries(back.searchParams));
    expect(done).toMatchObject({ status: 'SIGNED_IN', validUntil: '2026-06-08' });
    expect((await bank.connector.listAccounts(bank.call(), done.session)).length).toBe(2);
  });

  test('and sends it back refused has no consent', async () => {
    const bank = await openBank();
    const person = signInAt(bank);
    const state = await person.asked();
    if (state.challenge.kind !== 'REDIRECT') throw new Error(`A ${state.challenge.kind} is asked.`);
    const visitor = { login: 'bruno', password: 'tributary2', decision: 'refuse' } as const;
    const back = new URL(await visitBank(state.challenge.url, visitor));
    await expect(person.proceed(state, null, Object.fromEntries(back.searchParams))).rejects.toMatchObject({
      code: 'CONSENT_REJECTED',
    });
  });
});
