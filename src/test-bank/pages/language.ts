import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { languageOf, languages, type Language } from './texts.ts';

const cookieName = 'bank_language';
const cookieSeconds = 31_536_000;

/** The language of this answer: the one just asked for by `?lang=`, the one asked for before, or the browser's. */
export function chosenLanguage(context: Context): Language {
  const asked = languages.find((language) => language === context.req.query('lang'));
  if (asked) {
    setCookie(context, cookieName, asked, { path: '/', sameSite: 'Lax', httpOnly: true, maxAge: cookieSeconds });
    return asked;
  }
  const before = getCookie(context, cookieName);
  return languages.find((language) => language === before) ?? languageOf(context.req.header('accept-language'));
}

/** This page in the other language: its address with everything that is asked of it. */
export function otherLanguageAddress(context: Context, language: Language): string {
  const { pathname, searchParams } = new URL(context.req.url);
  searchParams.set('lang', language === 'fr' ? 'en' : 'fr');
  return `${pathname}?${searchParams.toString()}`;
}
