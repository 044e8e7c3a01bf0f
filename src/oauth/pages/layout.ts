import type { ServerResponse } from 'node:http';
import { style, styleHash } from './style.ts';
import type { Language } from './texts.ts';

/** A page, whole: no script, nothing loaded from anywhere. */
export interface Page {
  readonly language: Language;
  readonly title: string;
  /** HTML whose texts are escaped. */
  readonly body: string;
  /** The origin to which a form leads in the end, beside ours: browsers hold redirects to the policy too. */
  readonly formOrigin?: string | null;
}

/** Answers with a page that nobody may keep, frame or add to. */
export function sendPage(response: ServerResponse, status: number, page: Page): void {
  const html = `<!doctype html>
<html lang="${page.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title><style>${style}</style></head>
<body><main>
${page.body}
</main></body>
</html>
`;
  const targets = `'self'${page.formOrigin ? ` ${page.formOrigin}` : ''}`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': `default-src 'none'; style-src ${styleHash}; base-uri 'none'; form-action ${targets}; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    // Not no-referrer: the browser would then send `Origin: null` with our forms.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  response.end(html);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
