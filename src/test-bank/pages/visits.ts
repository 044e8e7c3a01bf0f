import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import type { Person } from '../scenario/schema.ts';
import { returnAddress, securityHeaders } from './approval.ts';
import { chosenLanguage, otherLanguageAddress } from './language.ts';
import { page, type Markup } from './layout.ts';
import { sessions, type Progress } from './sessions.ts';
import { texts, type Language, type Texts } from './texts.ts';
import type { Form } from './views.ts';

/** What a step needs to know of the browser and of what it is asked to authorise. */
export interface Visit {
  readonly sessionId: string;
  readonly consent: Consent;
  readonly authorisation: Authorisation;
  readonly progress: Progress;
  readonly language: Language;
  readonly words: Texts;
  /** The address of this authorisation; steps are below it. */
  readonly address: string;
  /** Who logged in, or is about to; null before the login. */
  readonly person: Person | null;
}

/** What a page may have besides its body. */
interface ShownMore {
  /** The source of a script of the page. */
  readonly script?: string;
  readonly refreshSeconds?: number;
}

/** What the steps of an authorisation share. Each step is a GET that shows a form and a POST that takes it. */
export interface Visits {
  /** The visit to the authorisation in the address, or null when it can no longer be answered. */
  open(context: Context): Visit | null;
  /** The page for that case. */
  gone(context: Context): Response | Promise<Response>;
  show(
    context: Context,
    visit: Visit,
    title: string,
    body: Markup,
    problem: string | null,
    more?: ShownMore,
  ): Response | Promise<Response>;
  /** The fields of a form that comes from our own page in this browser, else null. */
  readForm(context: Context, visit: Visit): Promise<URLSearchParams | null>;
  form(visit: Visit, step: string, problem: string | null): Form;
  save(visit: Visit, change: Partial<Progress>): void;
  /** Ends the visit and sends the browser back to the third party. */
  leave(context: Context, visit: Visit, consent: Consent): Response;
}

const cookieName = 'bank_session';

export function visitsOf(bank: Bank): Visits {
  const browsers = sessions(bank.clock);
  bank.onReset(() => browsers.clear());
  function sessionOf(context: Context): string {
    const known = getCookie(context, cookieName);
    if (known !== undefined && /^[\w-]{24}$/.test(known)) return known;
    const sessionId = browsers.newId();
    setCookie(context, cookieName, sessionId, { path: '/auth', httpOnly: true, sameSite: 'Lax' });
    return sessionId;
  }
  return {
    open(context) {
      const id = context.req.param('id') ?? '';
      const consent = bank.consents.findByAuthorisation(id);
      const authorisation = consent?.authorisations.find((candidate) => candidate.id === id);
      securityHeaders(context, consent);
      if (!consent || !authorisation || !isOpen(bank, consent, authorisation)) return null;
      const sessionId = sessionOf(context);
      const language = chosenLanguage(context);
      const progress = browsers.progress(sessionId, id);
      const person = bank.people.find(progress.login);
      const address = `/auth/authorisations/${id}`;
      return { sessionId, consent, authorisation, progress, language, words: texts[language], address, person };
    },
    gone(context) {
      const language = chosenLanguage(context);
      const words = texts[language];
      const body = html`<div class="card">
        <h1>${words.goneTitle}</h1>
        <p>${words.goneLead}</p>
      </div>`;
      return context.html(page({ bankName: bank.scenario().bank.name, language, title: words.goneTitle, body }), 410);
    },
    show(context, { language, consent }, title, body, problem, { script, ...more } = {}) {
      const nonce = randomBytes(12).toString('base64url');
      if (script !== undefined) securityHeaders(context, consent, nonce);
      const otherLanguage = otherLanguageAddress(context, language);
      const markup = page({
        bankName: bank.scenario().bank.name,
        language,
        title,
        body,
        otherLanguage,
        script: script === undefined ? null : { nonce, source: script },
        ...more,
      });
      return context.html(markup, problem === null ? 200 : 400);
    },
    async readForm(context, { progress }) {
      const fields = new URLSearchParams(await context.req.text());
      const token = Buffer.from(fields.get('csrf') ?? '');
      const expected = Buffer.from(progress.csrf);
      return token.length === expected.length && timingSafeEqual(token, expected) ? fields : null;
    },
    form: ({ words, progress, address }, step, problem) => ({
      words,
      csrf: progress.csrf,
      action: `${address}/${step}`,
      problem,
    }),
    save: ({ sessionId, authorisation }, change) => browsers.save(sessionId, authorisation.id, change),
    leave(context, { sessionId, authorisation }, consent) {
      browsers.end(sessionId, authorisation.id);
      return context.redirect(returnAddress(consent), 303);
    },
  };
}

function isOpen(bank: Bank, consent: Consent, authorisation: Authorisation): boolean {
  const isAsked = authorisation.scaStatus !== 'failed' && authorisation.scaStatus !== 'unconfirmed';
  const endsAt = authorisation.startedAt + bank.scenario().bank.authorisationSeconds * 1000;
  return consent.status === 'received' && isAsked && bank.clock.now().getTime() < endsAt;
}
