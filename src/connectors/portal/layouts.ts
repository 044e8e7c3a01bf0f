/** The site before and after its relaunch: addresses, names of fields and markup have changed, the meaning has not. */
export const layoutNames = ['v1', 'v2'] as const;
export type LayoutName = (typeof layoutNames)[number];

/** The pages that a customer may meet, by what they are for. */
export const pageKinds = [
  'login',
  'method',
  'code',
  'waiting',
  'terms',
  'profile',
  'new-password',
  'accounts',
  'account',
] as const;
export type PageKind = (typeof pageKinds)[number];

interface Layout {
  /** Segments below the site's address; `:id` is the id of an account. */
  readonly paths: Readonly<Record<PageKind, readonly string[]>>;
  readonly fields: Readonly<Record<'login' | 'password' | 'positions' | 'key' | 'method' | 'code', string>>;
  /** Where the sign-out form posts to. */
  readonly signOut: readonly string[];
  /** Pages of a statement are numbered from the newest, so that what is booked meanwhile moves them. */
  readonly pagesMove: boolean;
}

export const layouts: Readonly<Record<LayoutName, Layout>> = {
  v1: {
    paths: {
      login: ['connexion'],
      method: ['securite', 'choix'],
      code: ['securite', 'code'],
      waiting: ['securite', 'application'],
      terms: ['conditions'],
      profile: ['informations'],
      'new-password': ['mot-de-passe'],
      accounts: ['comptes'],
      account: ['comptes', ':id'],
    },
    fields: { login: 'login', password: 'password', positions: 'positions', key: 'key', method: 'moyen', code: 'otp' },
    signOut: ['deconnexion'],
    pagesMove: true,
  },
  v2: {
    paths: {
      login: ['espace', 'sign-in'],
      method: ['espace', 'method'],
      code: ['espace', 'verify'],
      waiting: ['espace', 'approve'],
      terms: ['espace', 'steps', 'terms'],
      profile: ['espace', 'steps', 'profile'],
      'new-password': ['espace', 'steps', 'password'],
      accounts: ['espace', 'overview'],
      account: ['espace', 'accounts', ':id', 'activity'],
    },
    fields: {
      login: 'customer_number',
      password: 'secret',
      positions: 'pad',
      key: 'pad_key',
      method: 'method',
      code: 'one_time_code',
    },
    signOut: ['espace', 'sign-out'],
    pagesMove: false,
  },
};
