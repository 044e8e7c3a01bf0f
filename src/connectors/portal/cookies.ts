import { Cookie, CookieJar } from 'tough-cookie';
import { Failure } from '../../domain/failure.ts';
import { millisecondsPerSecond, type Clock } from '../../kernel/clock.ts';

/** The cookies of one site, by the time of the injected clock. */
export interface Cookies {
  /** Takes what an answer sets; cookies that are not of the address's host are left out. */
  keep(setCookies: readonly string[], url: URL): void;
  /** The header for a request, empty when there is nothing to send. */
  headerFor(url: URL): string;
  has(name: string, url: URL): boolean;
  /** To be stored; read again by `openCookies`. */
  toJson(): Readonly<Record<string, unknown>>;
}

const cookiesMax = 50;
const cookieCharactersMax = 4096;

/** A jar with what was stored of it, or an empty one. */
export function openCookies(clock: Clock, stored: Readonly<Record<string, unknown>> | null): Cookies {
  const jar = stored ? CookieJar.deserializeSync(JSON.stringify(stored)) : new CookieJar();

  // The jar would look at the machine's clock; what has expired is told by ours.
  function validFor(url: URL): Cookie[] {
    const now = clock.now();
    return jar.getCookiesSync(url.href, { expire: false }).filter((cookie) => !hasExpired(cookie, now));
  }

  return {
    keep(setCookies, url) {
      const now = clock.now();
      for (const line of setCookies.slice(0, cookiesMax)) {
        const cookie = line.length > cookieCharactersMax ? undefined : Cookie.parse(line);
        if (!cookie || !/^[\x20-\x7E]*$/.test(cookie.cookieString())) continue;
        if (cookie.maxAge !== null) {
          const seconds = typeof cookie.maxAge === 'number' ? cookie.maxAge : 0;
          cookie.setExpires(new Date(Math.min(now.getTime() + seconds * millisecondsPerSecond, latest)));
          cookie.maxAge = null;
        }
        jar.setCookieSync(cookie, url.href, { ignoreError: true });
      }
      if ((jar.serializeSync()?.cookies.length ?? 0) > cookiesMax)
        throw new Failure('BANK_ERROR', { message: 'The bank sets cookies without end.' });
    },
    headerFor: (url) =>
      validFor(url)
        .map((cookie) => cookie.cookieString())
        .join('; '),
    has: (name, url) => validFor(url).some((cookie) => cookie.key === name),
    toJson() {
      const serialized = jar.serializeSync();
      // When a cookie was last sent changes with each page and tells nothing that is needed.
      const kept = serialized?.cookies.map((cookie) => ({ ...cookie, lastAccessed: undefined }));
      return { ...serialized, cookies: kept ?? [] };
    },
  };
}

/** Beyond this no date can be written. */
const latest = Date.UTC(9999, 11, 31);

function hasExpired(cookie: Cookie, now: Date): boolean {
  return cookie.expires instanceof Date && cookie.expires <= now;
}
