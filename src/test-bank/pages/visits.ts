import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import type { Person } from '../scenario/schema.ts';
import { returnAddress, securityHeaders } from './approval.ts';
import { page, type Markup } from './layout.ts';
import { sessions, type Progress } from './sessions.ts';
import { languageOf, languages, texts, type Texts } from './texts.ts';
import type { Form } from './views.ts';

/** What a step needs to know of the browser and of what it is asked to authorise. */
export interface Visit {
  readonly sessionId: string;
  readonly consent: Consent;
  readonly authorisation: Authorisation;
  readonly progress: Progress;
  readonly words: Texts;
  /** The address of this authorisation; steps are below it. */
  readonly address: string;
  /** Who logged in, or is about to; null before the login. */
  readonly person: Person | null;
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
      const asked = languages.find((language) => language === context.req.query('lang'));
      const known = browsers.progress(sessionId, id, asked ?? languageOf(context.req.header('accept-language')));
      if (asked) browsers.save(sessionId, id, { language: asked });
      const progress = asked ? { ...known, language: asked } : known;
      const person = findPerson(bank, progress.login);
      const words = texts[progress.language];
      return { sessionId, consent, authorisation, progress, words, address: `/auth/authorisations/${id}`, person };
    },
    gone(context) {
      const asked = languages.find((language) => language === context.req.query('lang'));
      const language = asked ?? languageOf(context.req.header('accept-language'));
      const words = texts[language];
      const body = html`<div class="card">
        <h1>${words.goneTitle}</h1>
        <p>${words.goneLead}</p>
      </div>`;
      return context.html(page({ bankName: bank.scenario().bank.name, language, title: words.goneTitle, body }), 410);
    },
    show: (context, { progress: { language } }, title, body, problem) =>
      context.html(page({ bankName: bank.scenario().bank.name, language, title, body }), problem === null ? 200 : 400),
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
  const endsAt = authorisation.startedAt + bank.scenario().bank.authorisationSeconds * 1000;
  return consent.status === 'received' && authorisation.scaStatus !== 'failed' && bank.clock.now().getTime() < endsAt;
}

/** The person with this login; failure logins take the place of the first person of the scenario. */
export function findPerson(bank: Bank, login: string | null): Person | null {
  const { people } = bank.scenario();
  return (failureEffect(login) ? people[0] : people.find((person) => person.login === login)) ?? null;
}
