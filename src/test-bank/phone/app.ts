import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { Bank } from '../bank.ts';
import { chosenLanguage, otherLanguageAddress } from '../pages/language.ts';
import { page } from '../pages/layout.ts';
import { securityHeaders } from '../pages/approval.ts';
import type { GuestBanks } from '../remote-scenario/guest-banks.ts';
import { phoneAddress, phonePath } from './address.ts';
import { phoneTexts } from './texts.ts';
import { phoneScreen, type Phone } from './view.ts';

const bodyBytesMax = 2000;
const loginCharactersMax = 70;

/**
 * The phones of the people, to be mounted at `/phone`. A phone belongs to nobody's browser: whoever knows the login may
 * look at it, so that a program can sign in while a person answers. `login` names the person; a scenario that was named
 * by its address has phones of its own for its people, shown below.
 */
export function phoneApp(house: Bank, guests: GuestBanks): Hono {
  const app = new Hono();
  const banks = () => [house, ...guests.all().map(({ bank }) => bank)];
  app.use(bodyLimit({ maxSize: bodyBytesMax }));

  app.get('/', (context) => {
    const login = (context.req.query('login') ?? '').trim().slice(0, loginCharactersMax);
    return show(context, house, login, login === '' ? [] : phonesOf(banks(), login));
  });

  app.post('/', async (context) => {
    const fields = new URLSearchParams(await context.req.text());
    const id = fields.get('challenge');
    const decision = fields.get('decision');
    const bank = banks().find((candidate) => candidate.challenges.find(id));
    // The id of a challenge cannot be guessed, so that it stands for a token against forged forms as well.
    if (bank && id !== null && (decision === 'approve' || decision === 'refuse')) {
      bank.challenges.decide(id, decision === 'approve');
    }
    return context.redirect(phoneAddress(fields.get('login') ?? ''), 303);
  });
  return app;
}

/** The house's phone of that person, and those of other banks that have something to show. */
function phonesOf(banks: readonly Bank[], login: string): Phone[] {
  return banks.flatMap((bank, index) => {
    const person = bank.people.find(login);
    if (!person) return [];
    const messages = bank.challenges.sentTo(person.id);
    return index === 0 || messages.length > 0 ? [{ bank, owner: person.name, number: person.phone, messages }] : [];
  });
}

function show(context: Context, house: Bank, login: string, phones: readonly Phone[]) {
  const language = chosenLanguage(context);
  const words = phoneTexts[language];
  securityHeaders(context, null);
  const body = html`<h1>${words.title}</h1>
    <p class="lead">${words.lead}</p>
    <form class="inline" method="get" action="${phonePath}">
      <div class="field">
        <label for="login">${words.login}</label>
        <input
          id="login"
          name="login"
          type="text"
          value="${login}"
          maxlength="70"
          required
          autocapitalize="none"
          spellcheck="false"
        />
      </div>
      <button class="plain" type="submit">${login === '' ? words.open : words.refresh}</button>
    </form>
    ${phones.map((phone) => phoneScreen(words, phone, login))}
    ${login !== '' && phones.length === 0 ? html`<p role="status">${words.empty}</p>` : html``}`;
  const markup = page({
    bankName: house.scenario().bank.name,
    language,
    title: words.title,
    body,
    otherLanguage: otherLanguageAddress(context, language),
  });
  return context.html(markup);
}
