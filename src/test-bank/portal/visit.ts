import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Bank } from '../bank.ts';
import { chosenLanguage, otherLanguageAddress } from '../pages/language.ts';
import { page, type Markup } from '../pages/layout.ts';
import type { Language } from '../pages/texts.ts';
import type { GuestBanks } from '../remote-scenario/guest-banks.ts';
import type { PortalLayout } from '../scenario/portal.ts';
import type { Person } from '../scenario/schema.ts';
import { addressOf, layouts, type PortalPage } from './addresses.ts';
import { portalSessions, type PortalSession } from './sessions.ts';
import type { PortalTexts } from './texts-en.ts';
import { portalTexts } from './texts.ts';
import { navigation } from './views/navigation.ts';
import { noticeView, type Notice } from './views/notice-view.ts';

/** One browser at one page of the portal. */
export interface Visit {
  readonly session: PortalSession;
  /** The bank that the session runs on: the house's, or one that the person named. */
  readonly bank: Bank;
  readonly layout: PortalLayout;
  readonly fields: (typeof layouts)['v1']['fields'];
  readonly language: Language;
  readonly words: PortalTexts;
  /** Who signed in; null before that. */
  readonly person: Person | null;
  readonly address: (name: PortalPage, accountId?: string) => string;
}

export interface ShownPage {
  readonly title: string;
  readonly body: Markup;
  readonly status?: 200 | 400 | 403 | 404 | 410 | 429 | 500 | 503;
  /** The source of a script of the page. */
  readonly script?: string;
  readonly refreshSeconds?: number;
  readonly isWide?: boolean;
}

/** What the pages share: sessions, the look, the way back to the log-in. */
export interface Visits {
  /** The session of this browser, or a new one. */
  openOrBegin(context: Context): Visit;
  /** The session of somebody who signed in, or the answer that leads to the log-in. */
  signedIn(context: Context): Visit | Response;
  /** Whether the challenge of this browser's session is still open. Changes nothing. */
  isWaiting(context: Context): boolean;
  /** The fields of a form that comes from our own page in this session, else null. */
  readForm(context: Context, visit: Visit): Promise<URLSearchParams | null>;
  save(visit: Visit, change: Partial<PortalSession>): Visit;
  /** Takes a new session for one that proved a password, so that an id known before is worth nothing. */
  renew(context: Context, visit: Visit, change: Partial<PortalSession>): Visit;
  /** Ends the session; the log-in tells the reason. */
  leave(context: Context, visit: Visit | null, reason: string): Response;
  show(context: Context, visit: Visit, shown: ShownPage): Response | Promise<Response>;
  /** A page that leads no further, for whoever asks. */
  notice(context: Context, notice: Notice, status: ShownPage['status']): Response | Promise<Response>;
}

const cookieName = 'portal_session';

export function visitsOf(house: Bank, guests: GuestBanks, isSecure: (context: Context) => boolean): Visits {
  const sessions = portalSessions(house.clock);
  house.onReset(() => sessions.clear());
  function visitOf(context: Context, session: PortalSession): Visit | null {
    const bank = session.guestId === null ? house : guests.find(session.guestId);
    if (!bank) return null;
    const { layout } = bank.scenario().bank.portal;
    const language = chosenLanguage(context);
    return {
      session,
      bank,
      layout,
      fields: layouts[layout].fields,
      language,
      words: portalTexts[language],
      person: bank.people.find(session.login),
      address: (name, accountId) => addressOf(layout, name, accountId),
    };
  }
  function begin(context: Context): PortalSession {
    const session = sessions.begin(house.scenario().bank.portal.sessionSeconds);
    setCookie(context, cookieName, session.id, {
      path: '/portal',
      httpOnly: true,
      sameSite: 'Lax',
      secure: isSecure(context),
    });
    return session;
  }
  function touch(visit: Visit): Visit {
    const { sessionSeconds } = visit.bank.scenario().bank.portal;
    return save(visit, { expiresAt: new Date(house.clock.now().getTime() + sessionSeconds * 1000) });
  }
  function save(visit: Visit, change: Partial<PortalSession>): Visit {
    const session = sessions.change(visit.session.id, change) ?? { ...visit.session, ...change };
    return { ...visit, session, person: visit.bank.people.find(session.login) };
  }
  function mustVisit(context: Context, session: PortalSession): Visit {
    const visit = visitOf(context, session);
    if (!visit) throw new Error('A session without a bank.');
    return visit;
  }
  function leave(context: Context, visit: Visit | null, reason: string): Response {
    if (visit) sessions.end(visit.session.id);
    return context.redirect(`${addressOf(house.scenario().bank.portal.layout, 'login')}?reason=${reason}`, 303);
  }
  return {
    openOrBegin(context) {
      const { session } = sessions.find(getCookie(context, cookieName));
      const known = session && session.login === null ? visitOf(context, session) : null;
      if (session && !known) sessions.end(session.id);
      return known ? touch(known) : mustVisit(context, begin(context));
    },
    signedIn(context) {
      const { session, isExpired } = sessions.find(getCookie(context, cookieName));
      if (!session) return leave(context, null, isExpired ? 'session-expired' : 'sign-in');
      const visit = visitOf(context, session);
      return visit?.person ? touch(visit) : leave(context, visit, 'sign-in');
    },
    isWaiting(context) {
      const { session } = sessions.find(getCookie(context, cookieName));
      const bank = session && (session.guestId === null ? house : guests.find(session.guestId));
      return bank?.challenges.status(session?.challengeId ?? null) === 'open';
    },
    async readForm(context, { session }) {
      const fields = new URLSearchParams(await context.req.text());
      const given = Buffer.from(fields.get('csrf') ?? '');
      const expected = Buffer.from(session.csrf);
      return given.length === expected.length && timingSafeEqual(given, expected) ? fields : null;
    },
    save,
    renew(context, visit, change) {
      sessions.end(visit.session.id);
      const begun = begin(context);
      return touch(mustVisit(context, sessions.change(begun.id, change) ?? begun));
    },
    leave,
    show(context, visit, { title, body, status = 200, script, ...more }) {
      const nonce = randomBytes(12).toString('base64url');
      securePage(context, script === undefined ? null : nonce);
      const { language } = visit;
      const markup = page({
        bankName: visit.bank.scenario().bank.name,
        language,
        title,
        body,
        otherLanguage: otherLanguageAddress(context, language),
        navigation: navigation(visit),
        script: script === undefined ? null : { nonce, source: script },
        ...more,
      });
      return context.html(markup, status);
    },
    notice(context, notice, status) {
      securePage(context, null);
      const language = chosenLanguage(context);
      const words = portalTexts[language];
      const markup = page({
        bankName: house.scenario().bank.name,
        language,
        title: words.notices[notice].title,
        body: noticeView(words, notice),
        otherLanguage: otherLanguageAddress(context, language),
      });
      return context.html(markup, status);
    },
  };
}

/** Nothing from elsewhere, no frame, and a script only where the page has one of its own. */
export function securePage(context: Context, nonce: string | null): void {
  const script = nonce === null ? '' : ` script-src 'nonce-${nonce}'; connect-src 'self';`;
  context.header(
    'content-security-policy',
    `default-src 'none'; style-src 'self';${script} base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
  );
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'same-origin');
  context.header('cache-control', 'no-store');
}
