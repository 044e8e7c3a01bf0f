import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, sendPage } from './layout.ts';
import { languageOf, texts } from './texts.ts';

/** What a person sees when a request cannot be answered at its address of return, because that cannot be trusted. */
export function errorPage(request: IncomingMessage, response: ServerResponse, status: number, error: string): void {
  const language = languageOf(undefined, request.headers['accept-language']);
  const { errorTitle, errorBody, errorCode } = texts[language];
  sendPage(response, status, {
    language,
    title: errorTitle,
    body: `<h1>${escapeHtml(errorTitle)}</h1>
<p>${escapeHtml(errorBody)}</p>
<p class="muted">${escapeHtml(errorCode)} <code>${escapeHtml(error)}</code></p>`,
  });
}

/** What a person sees whose login has ended, or was begun in another browser. */
export function expiredPage(request: IncomingMessage, response: ServerResponse): void {
  const language = languageOf(undefined, request.headers['accept-language']);
  const { expiredTitle, expiredBody } = texts[language];
  const body = `<h1>${escapeHtml(expiredTitle)}</h1>\n<p>${escapeHtml(expiredBody)}</p>`;
  sendPage(response, 404, { language, title: expiredTitle, body });
}
