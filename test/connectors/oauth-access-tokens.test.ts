import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLive, renewTokens, revokeTokens } from '../../src/connectors/oauth-access-tokens.ts';
import { Failure } from '../../src/domain/failure.ts';
import { codeOf, granted, startAuthorizationServer } from './oauth-access-bank.ts';

let server: Awaited<ReturnType<typeof startAuthorizationServer>>;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.close());

describe('tokens', () => {
  const tokens = { accessToken: 'a-1', expiresAt: '2026-03-10T09:15:00.000Z', refreshToken: 'r-1' };

  test('are renewed in the last minute only, and never without a refresh token', async () => {
    const { access, clock } = server.behave({ answer: { ...granted, access_token: 'a-2', refresh_token: 'r-2' } });
    expect(await renewTokens(access, tokens, false)).toBeNull();
    clock.advance(14 * 60_000);
    expect(isLive(tokens, access)).toBe(true);
    expect(await renewTokens(access, { ...tokens, refreshToken: null }, false)).toBeNull();
    expect(server.seen).toEqual([]);
    expect(await renewTokens(access, tokens, false)).toEqual({
      accessToken: 'a-2',
      expiresAt: '2026-03-10T09:29:00.000Z',
      refreshToken: 'r-2',
    });
    expect(server.seen[0]?.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'r-1' });
  });

  test('keep a refresh token that the bank does not replace', async () => {
    const { access, clock } = server.behave({ answer: { access_token: 'a-2', token_type: 'bearer' } });
    clock.advance(20 * 60_000);
    expect(isLive(tokens, access)).toBe(false);
    expect(await renewTokens(access, tokens, false)).toMatchObject({ accessToken: 'a-2', refreshToken: 'r-1' });
  });

  const everyCause = 'The provided authorization grant or refresh token is invalid, expired, revoked';
  test.each([
    ['expired', 'Refresh token expired', false, 'CONSENT_EXPIRED'],
    ['revoked', 'The consent was revoked', true, 'CONSENT_REVOKED_AT_BANK'],
    ['every cause', everyCause, true, 'CONSENT_EXPIRED'],
    ['every cause', everyCause, false, 'CONSENT_REVOKED_AT_BANK'],
    ['nothing', undefined, true, 'CONSENT_EXPIRED'],
    ['nothing', undefined, false, 'CONSENT_REVOKED_AT_BANK'],
  ])('that the bank no longer takes, saying %s (%s), over: %s, are %s', async (_name, text, isOver, code) => {
    const { access, clock } = server.behave({
      answer: { error: 'invalid_grant', error_description: text },
      status: 400,
    });
    clock.advance(15 * 60_000);
    expect(await codeOf(renewTokens(access, tokens, isOver))).toBe(code);
  });

  test('are revoked, the refresh token first; what is over already counts as revoked', async () => {
    const { access } = server.behave({ answer: {} });
    expect(await revokeTokens(access, tokens)).toBe(true);
    expect(server.seen.map(({ path, form }) => [path, form])).toEqual([
      ['/revoke', { token: 'r-1', token_type_hint: 'refresh_token' }],
      ['/revoke', { token: 'a-1', token_type_hint: 'access_token' }],
    ]);
    const picky = server.behave({ answer: { error: 'unsupported_token_type' }, status: 400 });
    expect(await revokeTokens(picky.access, tokens)).toBe(true);
    const none = server.behave({ metadata: { revocation_endpoint: undefined } });
    expect(await revokeTokens(none.access, tokens)).toBe(false);
    const broken = server.behave({ answer: {}, status: 503 });
    expect(await codeOf(revokeTokens(broken.access, tokens))).toBe('BANK_UNAVAILABLE');
  });

  test('a call that is aborted ends with the reason of the abort', async () => {
    const { access, clock } = server.behave({});
    clock.advance(15 * 60_000);
    const abort = new AbortController();
    const reason = new Failure('SYNC_CANCELLED');
    server.answerWith(() => abort.abort(reason));
    const aborted = { ...access, call: { ...access.call, signal: abort.signal } };
    await expect(renewTokens(aborted, tokens, false)).rejects.toBe(reason);
  });
});
