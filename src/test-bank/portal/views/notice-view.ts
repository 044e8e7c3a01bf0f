import { html } from 'hono/html';
import type { Markup } from '../../pages/layout.ts';
import type { PortalTexts } from '../texts-en.ts';

export type Notice = keyof PortalTexts['notices'];

/** A page that leads no further. `data-notice` names it for programs. */
export function noticeView(words: PortalTexts, notice: Notice): Markup {
  const { title, lead } = words.notices[notice];
  return html`<div class="card" data-notice="${notice}">
    <h1>${title}</h1>
    <p>${lead}</p>
    ${notice === 'captcha' ? dead('captcha', words.captchaAnswer) : html``}
    ${notice === 'security-key' ? dead('reader', words.readerAnswer) : html``}
  </div>`;
}

/** A field whose answer nothing accepts. */
function dead(name: string, label: string): Markup {
  return html`${
      name === 'captcha'
        ? html`<p class="captcha" aria-hidden="true"><span>k</span><span>7</span><span>R</span><span>w</span></p>`
        : html``
    }
    <div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="text" /></div>`;
}
