import type { ServerResponse } from 'node:http';
import { escapeHtml, sendPage } from './layout.ts';
import { fill, texts, type Language } from './texts.ts';

interface LoginPage {
  readonly language: Language;
  readonly applicationName: string;
  readonly clientName: string;
  readonly csrf: string;
  /** What was typed before. */
  readonly email: string;
  readonly formOrigin: string | null;
  readonly problem: null | 'wrong' | { readonly retryAfterSeconds: number };
}

/** The form in which a user of the client logs in. */
export function sendLoginPage(response: ServerResponse, status: number, page: LoginPage): void {
  const t = texts[page.language];
  const names = { application: page.applicationName, client: page.clientName };
  const alert =
    page.problem === null ? '' : `<p class="alert" role="alert" id="problem">${escapeHtml(explain(page))}</p>`;
  const described = page.problem === null ? '' : ' aria-describedby="problem"';
  sendPage(response, status, {
    language: page.language,
    title: `${t.loginTitle} · ${page.clientName}`,
    formOrigin: page.formOrigin,
    body: `<h1>${escapeHtml(t.loginTitle)}</h1>
<p>${escapeHtml(fill(t.loginLead, names))}</p>
${alert}
<form method="post">
<input type="hidden" name="csrf" value="${escapeHtml(page.csrf)}">
<label class="field">${escapeHtml(t.email)}<input type="email" name="email" value="${escapeHtml(page.email)}" autocomplete="username" maxlength="254" required${page.email === '' ? ' autofocus' : ''}${described}></label>
<label class="field">${escapeHtml(t.password)}<input type="password" name="password" autocomplete="current-password" maxlength="1024" required${page.email === '' ? '' : ' autofocus'}></label>
<div class="actions">
<button name="step" value="login">${escapeHtml(t.logIn)}</button>
<button class="plain" name="step" value="deny" formnovalidate>${escapeHtml(t.cancel)}</button>
</div>
</form>`,
  });
}

function explain({ problem, language }: LoginPage): string {
  const t = texts[language];
  if (problem === null || problem === 'wrong') return t.wrong;
  const { retryAfterSeconds } = problem;
  const wait =
    retryAfterSeconds < 100
      ? fill(t.seconds, { count: String(retryAfterSeconds) })
      : fill(t.minutes, { count: String(Math.ceil(retryAfterSeconds / 60)) });
  return fill(t.throttled, { wait });
}
