import type { Challenge } from '../../domain/challenge.ts';
import { dateIn } from '../../kernel/calendar-date.ts';
import { millisecondsPerDay, millisecondsPerSecond } from '../../kernel/clock.ts';
import { instantAt } from '../../kernel/local-time.ts';
import { cleanLine } from '../bank-text.ts';
import type { BankCall } from '../connector.ts';
import type { PortalPage } from './client.ts';
import { unknownPage } from './errors.ts';
import { findForm } from './form.ts';
import { layouts, type LayoutName } from './layouts.ts';

const promptCharactersMax = 500;
const minutes = 60 * millisecondsPerSecond;
/** Where the page tells no end. */
const answerWithinMilliseconds = 5 * minutes;
const actWithinMilliseconds = 10 * minutes;
const pollAfterSecondsDefault = 5;

/** The question of a page that waits for a code by SMS. */
export function codeChallenge(call: BankCall, page: PortalPage, layout: LayoutName): Challenge {
  const { code } = layouts[layout].fields;
  if (!findForm(page.document, { field: code })) throw unknownPage();
  const field = page.document('input').filter((_, input) => page.document(input).attr('name') === code);
  const prompt = promptOf(page);
  const lengthMax = Number(field.attr('maxlength'));
  return {
    kind: 'OTP',
    prompt,
    expiresAt: endOf(call, cleanLine(field.siblings('.hint').text(), 200)),
    sentTo: maskedNumberIn(prompt),
    attemptsLeft: null,
    lengthMax: lengthMax >= 1 && lengthMax <= 100 ? lengthMax : 100,
    isNumeric: field.attr('inputmode') === 'numeric',
  };
}

/** The question of a page that offers several ways to confirm. */
export function choiceChallenge(call: BankCall, page: PortalPage, layout: LayoutName): Challenge {
  const { method } = layouts[layout].fields;
  const options = page
    .document('label')
    .toArray()
    .slice(0, 50)
    .flatMap((element) => {
      const label = page.document(element);
      const input = label.find('input[type="radio"]');
      const value = input.attr('name') === method ? (input.attr('value') ?? '') : '';
      return value === '' || value.length > 100 ? [] : [{ value, label: cleanLine(label.text(), 200) }];
    });
  if (options.length === 0) throw unknownPage();
  const expiresAt = new Date(call.clock.now().getTime() + answerWithinMilliseconds);
  return { kind: 'CHOICE', prompt: promptOf(page), expiresAt, options };
}

/** The question of a page that waits for the bank's app. */
export function appChallenge(call: BankCall, page: PortalPage): Challenge {
  const waiting = page.document('.waiting');
  if (waiting.length === 0) throw unknownPage();
  const comparison = cleanLine(waiting.find('[data-comparison]').text(), 20);
  const seconds = Number(page.document('meta[http-equiv="refresh"]').attr('content'));
  return {
    kind: 'APP_APPROVAL',
    prompt: promptOf(page),
    expiresAt: endOf(call, cleanLine(waiting.find('.hint').text(), 200)),
    comparisonCode: comparison === '' ? null : comparison,
    pollAfterSeconds: seconds >= 1 && seconds <= 60 ? seconds : pollAfterSecondsDefault,
  };
}

/** What the person must settle on the bank's own site; until then every page leads there. */
export function actChallenge(call: BankCall, page: PortalPage, kind: 'terms' | 'profile'): Challenge {
  return {
    kind: 'ACT_AT_BANK',
    prompt: promptOf(page),
    expiresAt: new Date(call.clock.now().getTime() + actWithinMilliseconds),
    reason: kind === 'terms' ? 'TERMS' : 'IDENTITY_CHECK',
    url: call.endpoint.baseUrl,
    pollAfterSeconds: pollAfterSecondsDefault,
  };
}

function promptOf(page: PortalPage): string {
  return cleanLine(page.document('.lead').first().text(), promptCharactersMax);
}

/** A telephone number with hidden digits, such as `+33 6 •• •• •• 78`. */
function maskedNumberIn(prompt: string): string | null {
  return /\+?\d[\d •*xX.-]{4,30}\d/u.exec(prompt)?.[0] ?? null;
}

/**
 * The end of the minute that a page names as the last (`13:05`), by the bank's clocks. A time that has long been is
 * tomorrow's.
 */
function endOf(call: BankCall, hint: string): Date {
  const { timeZone } = call.endpoint;
  const now = call.clock.now().getTime();
  const [, hours, minute] = /(?<!\d)([01]\d|2[0-3]):([0-5]\d)(?!\d)/.exec(hint) ?? [];
  if (hours === undefined || minute === undefined) return new Date(now + answerWithinMilliseconds);
  const sinceMidnight = (Number(hours) * 60 + Number(minute) + 1) * minutes;
  const today = instantAt(timeZone, dateIn(timeZone, new Date(now)), sinceMidnight);
  if (today.getTime() > now - millisecondsPerDay / 2) return today;
  return instantAt(timeZone, dateIn(timeZone, new Date(now + millisecondsPerDay)), sinceMidnight);
}
