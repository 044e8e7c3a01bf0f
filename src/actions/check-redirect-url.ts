import { invalidInput } from '../domain/failure.ts';

/** An address of the client's list may come with any query: a client knows its own visits by it. */
export function checkRedirectUrl(redirectUrl: string | null, allowed: readonly string[] | null): void {
  if (redirectUrl === null) return;
  const url = URL.parse(redirectUrl);
  const isWeb = url && (url.protocol === 'https:' || url.protocol === 'http:') && redirectUrl.length <= 2_000;
  const isAllowed = allowed?.some((known) => withoutQuery(known) === withoutQuery(redirectUrl)) ?? true;
  if (isWeb && isAllowed && url.username === '') return;
  if (isWeb && !isAllowed) {
    const message = 'Not one of the addresses that the operator has registered for this client.';
    throw invalidInput([{ path: ['redirectUrl'], message }]);
  }
  const message = 'Must be an absolute http or https address of at most 2000 characters.';
  throw invalidInput([{ path: ['redirectUrl'], message }]);
}

function withoutQuery(address: string): string | null {
  const url = URL.parse(address);
  return url && `${url.origin}${url.pathname}`;
}
