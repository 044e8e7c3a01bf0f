import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { texts, type Language } from './texts.ts';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Page {
  readonly bankName: string;
  readonly language: Language;
  readonly title: string;
  readonly body: Markup;
}

/** A whole page of the bank. Everything that is put into a template is escaped. */
export function page({ bankName, language, title, body }: Page): Markup {
  const words = texts[language];
  const other: Language = language === 'fr' ? 'en' : 'fr';
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${bankName}</title>
        <link rel="stylesheet" href="/auth/style.css" />
      </head>
      <body>
        <header>
          <div>
            <span class="brand">${bankName}</span
            ><a href="?lang=${other}" hreflang="${other}" lang="${other}">${words.otherLanguage}</a>
          </div>
        </header>
        <main>${body}</main>
        <footer>${words.simulated}</footer>
      </body>
    </html>`;
}

/** A message that a screen reader announces; nothing when there is none. */
export function alert(message: string | null): Markup {
  return message === null ? html`` : html`<p class="alert" role="alert">${message}</p>`;
}
