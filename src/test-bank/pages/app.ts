import { timingSafeEqual } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import { approve, eligibleAccounts, grantOf, reject } from '../consents/authorise.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { drawDigits } from '../ledger/random.ts';
import type { Person } from '../scenario/schema.ts';
import { returnAddress, securityHeaders, wireQuestion } from './approval.ts';
import { page, type Markup } from './layout.ts';
import { sessions, type Progress } from './sessions.ts';
import { stylesheet } from './style.ts';
import { languageOf, languages, texts, type Texts } from './texts.ts';
import { approveView, challengeView, loginView, phoneView } from './views.ts';

const cookieName = 'bank_session';
const base = '/authorisations/:id';

/** Everything a handler needs to know of the browser and of what it is asked to authorise. */
interface Visit {
  readonly sessionId: string;
  readonly consent: Consent;
  readonly authorisation: Authorisation;
  readonly progress: Progress;
  readonly words: Texts;
  readonly address: string;
}

/** The pages on which a person authorises a consent by redirect, to be mounted at `/auth`. Needs no JavaScript. */
export function pagesApp(bank: Bank): Hono {
  const app = new Hono();
  const browsers = sessions(bank.clock);
  const bankName = () => bank.scenario().bank.name;
  app.use(bodyLimit({ maxSize: 20_000 }));
  app.get('/style.css', (context) =>
    context.body(stylesheet, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  );

  function visit(context: Context): Visit | null {
    const id = context.req.param('id') ?? '';
    const consent = bank.consents.findByAuthorisation(id);
    const authorisation = consent?.authorisations.find((candidate) => candidate.id === id);
    const limit = bank.scenario().bank.authorisationSeconds * 1000;
    const isOpen =
      consent?.status === 'received' && authorisation && bank.clock.now().getTime() < authorisation.startedAt + limit;
    securityHeaders(context, consent);
    if (!consent || !authorisation || !isOpen || authorisation.scaStatus === 'failed') return null;
    let sessionId = getCookie(context, cookieName);
    if (sessionId === undefined || !/^[\w-]{24}$/.test(sessionId)) {
      sessionId = browsers.newId();
      setCookie(context, cookieName, sessionId, { path: '/auth', httpOnly: true, sameSite: 'Lax' });
    }
    const asked = languages.find((language) => language === context.req.query('lang'));
    const known = browsers.progress(sessionId, id, asked ?? languageOf(context.req.header('accept-language')));
    if (asked && asked !== known.language) browsers.save(sessionId, id, { language: asked });
    const progress = asked ? { ...known, language: asked } : known;
    return {
      sessionId,
      consent,
      authorisation,
      progress,
      words: texts[progress.language],
      address: `/auth/authorisations/${id}`,
    };
  }

  function show(
    context: Context,
    { progress: { language } }: Pick<Visit, 'progress'>,
    title: string,
    body: Markup,
    status: 200 | 400 = 200,
  ) {
    return context.html(page({ bankName: bankName(), language, title, body }), status);
  }

  function gone(context: Context) {
    const language = languageOf(context.req.header('accept-language'));
    const words = texts[language];
    const body = html`<div class="card">
      <h1>${words.goneTitle}</h1>
      <p>${words.goneLead}</p>
    </div>`;
    return context.html(page({ bankName: bankName(), language, title: words.goneTitle, body }), 410);
  }

  /** The form's fields when it comes from our own page in this browser, else null. */
  async function readForm(context: Context, { progress }: Visit): Promise<URLSearchParams | null> {
    const form = new URLSearchParams(await context.req.text());
    const token = Buffer.from(form.get('csrf') ?? '');
    const expected = Buffer.from(progress.csrf);
    return token.length === expected.length && timingSafeEqual(token, expected) ? form : null;
  }

  const form = ({ words, progress, address }: Visit, step: string, problem: string | null) => ({
    words,
    csrf: progress.csrf,
    action: `${address}/${step}`,
    problem,
  });
  const showLogin = (context: Context, at: Visit, problem: string | null, login = '') =>
    show(
      context,
      at,
      at.words.signInTitle,
      loginView(form(at, 'login', problem), bank.scenario().people, login),
      problem === null ? 200 : 400,
    );
  const showChallenge = (context: Context, at: Visit, person: Person, problem: string | null) =>
    show(
      context,
      at,
      at.words.challengeTitle,
      challengeView(form(at, 'challenge', problem), person.phone, `${at.address}/phone`),
      problem === null ? 200 : 400,
    );

  app.get(base, (context) => {
    const at = visit(context);
    return at ? showLogin(context, at, null) : gone(context);
  });

  app.post(`${base}/login`, async (context) => {
    const at = visit(context);
    if (!at) return gone(context);
    const fields = await readForm(context, at);
    if (!fields) return showLogin(context, at, at.words.expiredForm);
    const login = (fields.get('login') ?? '').trim();
    const person = personOf(bank, login, fields.get('password') ?? '');
    const effect = failureEffect(login);
    if (!person) return showLogin(context, at, at.words.refused, login);
    if (effect?.at === 'login') return showLogin(context, at, at.words[effect.message], login);
    const { challenge } = person;
    if (challenge.kind === 'none' || effect) {
      browsers.save(at.sessionId, at.authorisation.id, { login, isAuthenticated: true, challenge: null });
      if (effect?.at === 'authorisation') return leave(context, at, reject(bank, at.consent, at.authorisation));
      return context.redirect(`${at.address}/approve`, 303);
    }
    const code = challenge.answer ?? drawDigits(`${bank.scenario().seed}|otp|${at.authorisation.id}`, 6);
    const expiresAt = new Date(bank.clock.now().getTime() + challenge.timeoutSeconds * 1000);
    browsers.save(at.sessionId, at.authorisation.id, {
      login,
      challenge: { code, expiresAt, attemptsLeft: challenge.attempts },
    });
    return context.redirect(`${at.address}/challenge`, 303);
  });

  app.get(`${base}/challenge`, (context) => {
    const at = visit(context);
    if (!at) return gone(context);
    const person = findPerson(bank, at.progress.login);
    return at.progress.challenge && person
      ? showChallenge(context, at, person, null)
      : context.redirect(at.address, 303);
  });

  app.post(`${base}/challenge`, async (context) => {
    const at = visit(context);
    if (!at) return gone(context);
    const person = findPerson(bank, at.progress.login);
    const { challenge } = at.progress;
    if (!challenge || !person) return context.redirect(at.address, 303);
    const fields = await readForm(context, at);
    if (!fields) return showChallenge(context, at, person, at.words.expiredForm);
    if (bank.clock.now() >= challenge.expiresAt) return leave(context, at, reject(bank, at.consent, at.authorisation));
    if ((fields.get('otp') ?? '').replace(/\s/g, '') === challenge.code) {
      browsers.save(at.sessionId, at.authorisation.id, { isAuthenticated: true, challenge: null });
      return context.redirect(`${at.address}/approve`, 303);
    }
    const attemptsLeft = challenge.attemptsLeft - 1;
    if (attemptsLeft <= 0) return leave(context, at, reject(bank, at.consent, at.authorisation));
    browsers.save(at.sessionId, at.authorisation.id, { challenge: { ...challenge, attemptsLeft } });
    return showChallenge(context, at, person, at.words.wrongCode);
  });

  app.get(`${base}/phone`, (context) => {
    const at = visit(context);
    if (!at) return gone(context);
    const { challenge, language } = at.progress;
    const { timeZone } = bank.scenario().bank;
    const until = challenge?.expiresAt.toLocaleTimeString(language, { timeZone }) ?? '';
    return show(
      context,
      at,
      at.words.phoneTitle,
      phoneView(at.words, bankName(), challenge && { code: challenge.code, until }),
    );
  });

  app.get(`${base}/approve`, (context) => {
    const at = visit(context);
    if (!at) return gone(context);
    const person = findPerson(bank, at.progress.login);
    if (!at.progress.isAuthenticated || !person) return context.redirect(at.address, 303);
    const question = wireQuestion(bank, at.consent, person, at.progress.login ?? '', at.words);
    return show(context, at, at.words.approveTitle, approveView(form(at, 'approve', null), question));
  });

  app.post(`${base}/approve`, async (context) => {
    const at = visit(context);
    if (!at) return gone(context);
    const login = at.progress.login ?? '';
    const person = findPerson(bank, login);
    if (!at.progress.isAuthenticated || !person) return context.redirect(at.address, 303);
    const fields = await readForm(context, at);
    const question = wireQuestion(bank, at.consent, person, login, at.words);
    const again = (problem: string) =>
      show(context, at, at.words.approveTitle, approveView(form(at, 'approve', problem), question), 400);
    if (!fields) return again(at.words.expiredForm);
    if (fields.get('decision') === 'refuse') return leave(context, at, reject(bank, at.consent, at.authorisation));
    if (fields.get('decision') !== 'approve') return again(at.words.expiredForm);
    const grant = grantOf(bank, at.consent, person, login, fields.getAll('account'));
    const mayChoose = question.isChoice && eligibleAccounts(bank, person.id, login).length > 0;
    if (mayChoose && grant.accounts.length === 0) return again(at.words.chooseOne);
    return leave(context, at, approve(bank, at.consent, at.authorisation, person, login, grant));
  });

  function leave(context: Context, at: Visit, consent: Consent) {
    browsers.end(at.sessionId, at.authorisation.id);
    return context.redirect(returnAddress(consent), 303);
  }
  return app;
}

/** Failure logins take the place of the first person of the scenario, with any password. */
function personOf(bank: Bank, login: string, password: string): Person | null {
  const person = findPerson(bank, login);
  return person && (failureEffect(login) || person.password === password) ? person : null;
}

function findPerson(bank: Bank, login: string | null): Person | null {
  const { people } = bank.scenario();
  return (failureEffect(login) ? people[0] : people.find((person) => person.login === login)) ?? null;
}
