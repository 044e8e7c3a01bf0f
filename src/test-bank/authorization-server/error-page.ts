import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import { page } from '../pages/layout.ts';
import { languageOf, languages } from '../pages/texts.ts';

interface OauthError {
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

interface Asked {
  /** The address of the call, path and query. */
  readonly target: string;
  readonly acceptLanguage: string | undefined;
}

/** For what cannot be told to the third party, because where to is in doubt (RFC 6749, 4.1.2.1). */
export async function errorPage(
  bank: Bank,
  { target, acceptLanguage }: Asked,
  { error, error_description }: OauthError,
) {
  const { pathname, searchParams } = new URL(target, 'http://bank');
  const asked = languages.find((candidate) => candidate === searchParams.get('lang'));
  const language = asked ?? languageOf(acceptLanguage);
  const isFrench = language === 'fr';
  searchParams.set('lang', isFrench ? 'en' : 'fr');
  const title = isFrench ? 'La demande est refusée' : 'The request is refused';
  const lead = isFrench
    ? 'L’application a envoyé une demande que la banque ne peut pas traiter. Revenez à l’application et recommencez.'
    : 'The application sent a request that the bank cannot handle. Go back to the application and start again.';
  const body = html`<div class="card">
    <h1>${title}</h1>
    <p>${lead}</p>
    <p class="muted"><code>${error ?? 'server_error'}</code> ${error_description ?? ''}</p>
  </div>`;
  const otherLanguage = `${pathname}?${searchParams.toString()}`;
  return String(await page({ bankName: bank.scenario().bank.name, language, title, body, otherLanguage }));
}

/** No script, no frame, no form, nothing from elsewhere. */
export const errorPageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;
