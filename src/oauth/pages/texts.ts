import type { Permission } from '../../domain/viewer.ts';

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

/** Every text of the pages; `{…}` is filled in by the page. */
export interface Texts {
  readonly loginTitle: string;
  /** {application} wants access to data that {client} keeps. */
  readonly loginLead: string;
  readonly email: string;
  readonly password: string;
  readonly logIn: string;
  readonly cancel: string;
  readonly wrong: string;
  /** {wait} is a duration. */
  readonly throttled: string;
  readonly consentTitle: string;
  readonly loggedInAs: string;
  readonly consentLegend: string;
  readonly nothingChosen: string;
  readonly duration: string;
  readonly allow: string;
  readonly deny: string;
  readonly goesTo: string;
  readonly errorTitle: string;
  readonly errorBody: string;
  readonly expiredTitle: string;
  readonly expiredBody: string;
  readonly errorCode: string;
  readonly seconds: string;
  readonly minutes: string;
  readonly permissions: Readonly<Partial<Record<Permission, string>>>;
}

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    loginTitle: 'Log in',
    loginLead: '{application} asks for access to your bank data at {client}.',
    email: 'E-mail',
    password: 'Password',
    logIn: 'Log in',
    cancel: 'Cancel',
    wrong: 'The e-mail or the password is wrong.',
    throttled: 'Too many failed logins. Try again in {wait}.',
    consentTitle: 'Give {application} access?',
    loggedInAs: 'You are logged in to {client} as {email}.',
    consentLegend: '{application} may:',
    nothingChosen: 'Choose at least one permission, or deny.',
    duration: 'The access lasts 180 days at most. A new password at {client} ends it at once.',
    allow: 'Allow',
    deny: 'Deny',
    goesTo: 'You then go back to {host}.',
    errorTitle: 'This request cannot be answered',
    errorBody: 'The application that sent you here made a mistake. Nothing was shared. Go back to it and try again.',
    expiredTitle: 'This page is no longer valid',
    expiredBody: 'It was used already, took too long, or was opened in another browser. Go back and start again.',
    errorCode: 'For the developers of the application:',
    seconds: '{count} s',
    minutes: '{count} min',
    permissions: {
      users_read: 'see your e-mail address and your settings',
      accounts_read: 'see your accounts with their balances and numbers',
      accounts_manage: 'rename, hide and remove your accounts',
      connections_read: 'see which banks you have linked, and until when',
      connections_manage: 'link and remove banks for you',
      connections_sync: 'have your banks asked for new data',
      transactions_read: 'see your transactions',
      transactions_manage: 'put your transactions into other categories, and note things on them',
      events_read: 'learn when something changes in your data',
    },
  },
  fr: {
    loginTitle: 'Se connecter',
    loginLead: '{application} demande l’accès à vos données bancaires chez {client}.',
    email: 'E-mail',
    password: 'Mot de passe',
    logIn: 'Se connecter',
    cancel: 'Annuler',
    wrong: 'L’e-mail ou le mot de passe est incorrect.',
    throttled: 'Trop d’échecs de connexion. Réessayez dans {wait}.',
    consentTitle: 'Donner accès à {application} ?',
    loggedInAs: 'Vous êtes connecté à {client} en tant que {email}.',
    consentLegend: '{application} pourra :',
    nothingChosen: 'Choisissez au moins une autorisation, ou refusez.',
    duration: 'L’accès dure 180 jours au plus. Un nouveau mot de passe chez {client} y met fin aussitôt.',
    allow: 'Autoriser',
    deny: 'Refuser',
    goesTo: 'Vous retournerez ensuite sur {host}.',
    errorTitle: 'Cette demande ne peut pas aboutir',
    errorBody:
      'L’application qui vous a envoyé ici a commis une erreur. Rien n’a été partagé. Retournez-y et réessayez.',
    expiredTitle: 'Cette page n’est plus valable',
    expiredBody:
      'Elle a déjà servi, a expiré ou a été ouverte dans un autre navigateur. Revenez en arrière et recommencez.',
    errorCode: 'Pour les développeurs de l’application :',
    seconds: '{count} s',
    minutes: '{count} min',
    permissions: {
      users_read: 'voir votre adresse e-mail et vos réglages',
      accounts_read: 'voir vos comptes avec leurs soldes et leurs numéros',
      accounts_manage: 'renommer, masquer et retirer vos comptes',
      connections_read: 'voir les banques que vous avez connectées, et jusqu’à quand',
      connections_manage: 'connecter et retirer des banques pour vous',
      connections_sync: 'demander de nouvelles données à vos banques',
      transactions_read: 'voir vos opérations',
      transactions_manage: 'changer la catégorie de vos opérations et les annoter',
      events_read: 'savoir quand vos données changent',
    },
  },
};

/** The language of a page: the first of the request's `ui_locales` that we speak, else of the browser's, else English. */
export function languageOf(uiLocales: unknown, acceptLanguage: string | undefined): Language {
  const wishes = [
    ...(typeof uiLocales === 'string' ? uiLocales.split(' ') : []),
    // Browsers send them in order of preference.
    ...(acceptLanguage ?? '').split(',', 20),
  ];
  const primary = wishes.map((wish) => wish.trim().slice(0, 2).toLowerCase());
  return primary.find((wish): wish is Language => wish === 'en' || wish === 'fr') ?? 'en';
}

/** Fills the places of a text in. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
