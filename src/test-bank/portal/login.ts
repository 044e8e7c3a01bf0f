import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Bank } from '../bank.ts';
import type { GuestBanks } from '../remote-scenario/guest-banks.ts';
import type { Person } from '../scenario/schema.ts';
import { layouts } from './addresses.ts';
import { portalEffect } from './failures.ts';
import { stageOf, trustCookieName } from './journey.ts';
import { methodsOf } from './method-step.ts';
import { shuffledDigits, type PortalSession } from './sessions.ts';
import { keypadScript } from './views/keypad-view.ts';
import { loginView, type LoginState } from './views/login-view.ts';
import type { Visit, Visits } from './visit.ts';

const noticeStatus = { captcha: 403, 'security-key': 403, moved: 410, closed: 410 } as const;
const blank: LoginState = { login: '', scenarioAddress: '', positions: '', problem: null, places: [], notice: null };
const positionsMax = 12;

/** The log-in form and what it leads to. */
export function loginStep(app: Hono, house: Bank, guests: GuestBanks, visits: Visits): void {
  const show = (context: Context, visit: Visit, state: Partial<LoginState>, status: 200 | 400 | 403 = 200) => {
    const hasKeypad = house.scenario().bank.portal.keypad !== 'none';
    return visits.show(context, visit, {
      title: visit.words.signInTitle,
      body: loginView(visit, { ...blank, ...state }),
      status,
      ...(hasKeypad ? { script: keypadScript } : {}),
    });
  };
  const refuse = (context: Context, visit: Visit, state: Partial<LoginState>, status: 400 | 403 = 400) =>
    show(context, visits.save(visit, { keypad: shuffledDigits() }), { ...state, positions: '' }, status);

  for (const layout of ['v1', 'v2'] as const) {
    const address = layouts[layout].addresses.login;
    const isHere = () => house.scenario().bank.portal.layout === layout;

    app.get(address, (context) => {
      if (!isHere()) return visits.notice(context, 'not-found', 404);
      const visit = visits.openOrBegin(context);
      return show(context, visit, { notice: visit.words.reasons[context.req.query('reason') ?? ''] ?? null });
    });

    app.post(address, async (context) => {
      if (!isHere()) return visits.notice(context, 'not-found', 404);
      const visit = visits.openOrBegin(context);
      const { words, fields } = visit;
      const form = await visits.readForm(context, visit);
      if (!form) {
        return refuse(context, visit, { problem: { name: 'form-expired', text: words.formExpired, field: null } }, 403);
      }
      const login = (form.get(fields.login) ?? '').trim();
      const scenarioAddress = (form.get('scenario') ?? '').trim();
      const typed = { login, scenarioAddress };
      const positions = readPositions(form.get(fields.positions));
      const key = form.get(fields.key);
      if (key !== null) {
        const pressed = key === 'clear' ? '' : readPositions(positions + key);
        return show(context, visit, { ...typed, positions: pressed });
      }
      const hasKeypad = house.scenario().bank.portal.keypad !== 'none';
      const password = hasKeypad ? digitsAt(visit, positions) : (form.get(fields.password) ?? '');
      const missing = login === '' ? fields.login : password === '' && !hasKeypad ? fields.password : null;
      if (missing !== null) {
        return refuse(context, visit, {
          ...typed,
          problem: { name: 'required', text: words.required, field: missing },
        });
      }
      const opened = scenarioAddress === '' ? null : await guests.open(scenarioAddress);
      if (opened && opened.problem !== null) {
        const problem = { name: opened.problem, text: words.scenarioProblems[opened.problem], field: 'scenario' };
        const places = opened.problem === 'file-invalid' ? opened.places : [];
        return refuse(context, visit, { ...typed, problem, places });
      }
      const bank = opened?.guest.bank ?? house;
      const effect = portalEffect(login);
      const checked = effect?.at === 'login' ? effect.problem : await bank.people.signIn(login, password);
      const person = bank.people.find(login);
      if (checked !== 'accepted' || !person) {
        const name = checked === 'locked' ? 'locked' : 'refused';
        const field = name === 'refused' ? fields.login : null;
        return refuse(
          context,
          visit,
          { ...typed, problem: { name, text: words[name], field } },
          name === 'locked' ? 403 : 400,
        );
      }
      if (effect?.at === 'notice') return visits.notice(context, effect.notice, noticeStatus[effect.notice]);
      if (bank.scenario().bank.portal.maintenance) return visits.notice(context, 'maintenance', 503);
      const asked = startChallenge(bank, person, login, getCookie(context, trustCookieName));
      const entered = visits.renew(context, visit, { login, guestId: opened?.guest.id ?? null, ...asked });
      return context.redirect(entered.address(stageOf(entered)), 303);
    });
  }
}

/** What the person's phone is asked, or that he must choose first; neither when this browser may enter without. */
function startChallenge(
  bank: Bank,
  person: Person,
  login: string,
  trustToken: string | undefined,
): Pick<PortalSession, 'challengeId' | 'isChoosing'> {
  const none = { challengeId: null, isChoosing: false };
  if (login.startsWith('error.')) {
    const effect = portalEffect(login);
    if (effect?.at !== 'challenge') return none;
    const { kind, outcome } = effect;
    const challenge = bank.challenges.start(person, 'sign-in', kind, outcome === 'expires' ? 0 : undefined);
    if (kind === 'app' && outcome === 'fails') bank.challenges.decide(challenge.id, false);
    return { ...none, challengeId: challenge.id };
  }
  const { kind } = person.challenge;
  if (kind === 'none' || bank.trustedBrowsers.isTrusted(trustToken, person)) return none;
  if (methodsOf(person).length > 1) return { ...none, isChoosing: true };
  return { ...none, challengeId: bank.challenges.start(person, 'sign-in', kind).id };
}

function readPositions(text: string | null): string {
  return (text ?? '').replace(/\D/g, '').slice(0, positionsMax);
}

function digitsAt({ session }: Visit, positions: string): string {
  return positions
    .split('')
    .map((position) => session.keypad[Number(position)] ?? '')
    .join('');
}
