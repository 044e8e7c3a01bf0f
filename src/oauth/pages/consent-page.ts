import type { ServerResponse } from 'node:http';
import type { Permission } from '../../domain/viewer.ts';
import { escapeHtml, sendPage } from './layout.ts';
import { fill, texts, type Language } from './texts.ts';

interface ConsentPage {
  readonly language: Language;
  readonly applicationName: string;
  readonly clientName: string;
  readonly csrf: string;
  readonly email: string;
  readonly permissions: readonly Permission[];
  readonly redirectUri: URL;
  readonly isNothingChosen: boolean;
}

/** The form in which a user approves what an application asks for, all or a part of it. */
export function sendConsentPage(response: ServerResponse, status: number, page: ConsentPage): void {
  const t = texts[page.language];
  const names = {
    application: page.applicationName,
    client: page.clientName,
    email: page.email,
    host: page.redirectUri.host,
  };
  const say = (text: string) => escapeHtml(fill(text, names));
  const choices = page.permissions.map(
    (permission) =>
      `<label class="choice"><input type="checkbox" name="scope" value="${permission}" checked><span>${escapeHtml(t.permissions[permission] ?? permission)}</span></label>`,
  );
  sendPage(response, status, {
    language: page.language,
    title: fill(t.consentTitle, names),
    formOrigin: page.redirectUri.origin,
    body: `<h1>${say(t.consentTitle)}</h1>
<p>${say(t.loggedInAs)}</p>
${page.isNothingChosen ? `<p class="alert" role="alert">${say(t.nothingChosen)}</p>` : ''}
<form method="post">
<input type="hidden" name="csrf" value="${escapeHtml(page.csrf)}">
<fieldset><legend>${say(t.consentLegend)}</legend>
${choices.join('\n')}
</fieldset>
<p class="muted">${say(t.duration)}</p>
<div class="actions">
<button name="step" value="allow">${say(t.allow)}</button>
<button class="plain" name="step" value="deny">${say(t.deny)}</button>
</div>
<p class="muted">${say(t.goesTo)}</p>
</form>`,
  });
}
