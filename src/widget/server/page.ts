/** What a page of ours may have to say. */
export type PageKind = 'linked' | 'rejected' | 'pending' | 'app' | 'unknown' | 'busy' | 'unavailable' | 'missing';
type Language = 'en' | 'fr';
type Text = readonly [title: string, body: string];

const texts: Record<Language, Record<PageKind, Text>> = {
  en: {
    linked: ['Your bank is linked', 'You can close this page and go back to your application.'],
    rejected: ['Your bank was not linked', 'You or your bank declined. Go back to your application to try again.'],
    pending: [
      'Not confirmed yet',
      'Your bank still waits for your confirmation. Confirm there, then reload this page.',
    ],
    app: ['Confirm in the app of your bank', 'This page goes on by itself as soon as you have confirmed.'],
    unknown: [
      'This link is no longer valid',
      'It was used already, or it has expired. Go back to your application: your bank is either linked, or you can start again there.',
    ],
    busy: ['One moment', 'Your bank is being asked already. This page goes on by itself.'],
    missing: ['There is no such page', 'Go back to your application and start again there.'],
    unavailable: ['Your bank does not answer', 'Nothing is lost. Wait a moment, then reload this page.'],
  },
  fr: {
    linked: ['Votre banque est connectée', 'Vous pouvez fermer cette page et revenir à votre application.'],
    rejected: [
      'Votre banque n’a pas été connectée',
      'Vous ou votre banque avez refusé. Revenez à votre application pour réessayer.',
    ],
    pending: ['Pas encore confirmé', 'Votre banque attend votre confirmation. Confirmez, puis rechargez cette page.'],
    app: [
      'Confirmez dans l’application de votre banque',
      'Cette page continue d’elle-même dès que vous avez confirmé.',
    ],
    unknown: [
      'Ce lien n’est plus valable',
      'Il a déjà servi ou il a expiré. Revenez à votre application : votre banque y est déjà connectée, ou vous pouvez recommencer.',
    ],
    busy: ['Un instant', 'Votre banque est déjà interrogée. Cette page continue d’elle-même.'],
    missing: ['Cette page n’existe pas', 'Revenez à votre application et recommencez.'],
    unavailable: ['Votre banque ne répond pas', 'Rien n’est perdu. Patientez un instant, puis rechargez cette page.'],
  },
};

const style = `
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:26rem;padding:2rem}
h1{font-size:1.5rem;line-height:1.2;margin:0 0 .75rem}
p{margin:0}`;

/** The pages are whole in themselves: nothing is loaded, run, framed or sent from them. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A small page without any outside text, in the language that the browser prefers; it may load itself again. */
export function page(
  kind: PageKind,
  status: number,
  acceptLanguage: string | null,
  options: { readonly reloadAfterSeconds?: number } = {},
): Response {
  const language = preferredLanguage(acceptLanguage);
  const [title, body] = texts[language][kind];
  const html = `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1><p>${body}</p></main></body>
</html>`;
  const { reloadAfterSeconds } = options;
  const reload = reloadAfterSeconds === undefined ? {} : { refresh: String(reloadAfterSeconds) };
  return new Response(html, { status, headers: { ...headers, ...reload } });
}

/** The first of the browser's languages that we speak; browsers send them in order of preference. */
function preferredLanguage(acceptLanguage: string | null): Language {
  const tags = (acceptLanguage ?? '').toLowerCase().split(',', 20);
  const languages = tags.map((tag) => tag.trim().slice(0, 2));
  return languages.find((language) => language === 'fr' || language === 'en') === 'fr' ? 'fr' : 'en';
}
