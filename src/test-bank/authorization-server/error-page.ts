import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import { page } from '../pages/layout.ts';
import { languageOf } from '../pages/texts.ts';

interface OauthError {
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

/** For what cannot be told to the third party, because where to is in doubt (RFC 6749, 4.1.2.1). */
export async function errorPage(bank: Bank, acceptLanguage: string, { error, error_description }: OauthError) {
  const language = languageOf(acceptLanguage);
  const isFrench = language === 'fr';
  const title = isFrench ? 'La demande est refusée' : 'The request is refused';
  const lead = isFrench
    ? 'L’application a envoyé une demande que la banque ne peut pas traiter. Revenez à l’application et recommencez.'
    : 'The application sent a request that the bank cannot handle. Go back to the application and start again.';
  const body = html`<div class="card">
    <h1>${title}</h1>
    <p>${lead}</p>
    <p class="muted"><code>${error ?? 'server_error'}</code> ${error_description ?? ''}</p>
  </div>`;
  return String(await page({ bankName: bank.scenario().bank.name, language, title, body }));
}
