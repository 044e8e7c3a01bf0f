import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { stylesheet } from './style.ts';
import { texts, type Language } from './texts.ts';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A script of our own: it runs only with the nonce that the policy of this answer names. */
export interface PageScript {
  readonly nonce: string;
  readonly source: string;
}

interface Page {
  readonly bankName: string;
  readonly language: Language;
  readonly title: string;
  readonly body: Markup;
  /** This page in the other language. */
  readonly otherLanguage?: string;
  /** What stands in the bar beside the name of the bank. */
  readonly navigation?: Markup;
  readonly isWide?: boolean;
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds?: number;
  readonly script?: PageScript | null;
}

const stylesheetVersion = createHash('sha256').update(stylesheet).digest('hex').slice(0, 8);
export const stylesheetPath = '/style.css';

/** A whole page of the bank. Everything that is put into a template is escaped. */
export function page({ bankName, language, title, body, ...more }: Page): Markup {
  const words = texts[language];
  const other: Language = language === 'fr' ? 'en' : 'fr';
  const address = more.otherLanguage ?? `?lang=${other}`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${bankName}</title>
        <link rel="stylesheet" href="${stylesheetPath}?v=${stylesheetVersion}" />
        ${
          more.refreshSeconds === undefined
            ? html``
            : html`<noscript><meta http-equiv="refresh" content="${more.refreshSeconds}" /></noscript>`
        }
      </head>
      <body${more.isWide ? html` class="wide"` : html``}>
        <a class="skip" href="#main">${words.skip}</a>
        <header>
          <div>
            <span class="brand">${bankName}</span>
            ${more.navigation ?? html``}
            <a class="language" href="${address}" hreflang="${other}" lang="${other}">${words.otherLanguage}</a>
          </div>
        </header>
        <main id="main" tabindex="-1">${body}</main>
        <footer><div>${words.simulated}</div></footer>
        ${
          more.script
            ? html`<script nonce="${more.script.nonce}">
                ${raw(more.script.source)};
              </script>`
            : html``
        }
      </body>
    </html>`;
}

/** A message that a screen reader announces; nothing when there is none. */
export function alert(message: string | null): Markup {
  return message === null ? html`` : html`<p class="alert" role="alert" id="problem">${message}</p>`;
}
