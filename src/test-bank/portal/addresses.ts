import type { PortalLayout } from '../scenario/portal.ts';

/** The pages of the portal. `account` has the id of an account at `:id`. */
export const portalPages = [
  'login',
  'method',
  'challenge',
  'waiting',
  'terms',
  'kyc',
  'new-password',
  'accounts',
  'account',
  'sign-out',
] as const;
export type PortalPage = (typeof portalPages)[number];

type FieldName =
  | 'login'
  | 'password'
  | 'positions'
  | 'key'
  | 'method'
  | 'otp'
  | 'newPassword'
  | 'repeatPassword'
  | 'confirm';

interface Layout {
  readonly addresses: Readonly<Record<PortalPage, string>>;
  readonly fields: Readonly<Record<FieldName, string>>;
}

/** Where the pages are and how the fields of their forms are called: a relaunch changes both. */
export const layouts: Readonly<Record<PortalLayout, Layout>> = {
  v1: {
    addresses: {
      login: '/portal/connexion',
      method: '/portal/securite/choix',
      challenge: '/portal/securite/code',
      waiting: '/portal/securite/application',
      terms: '/portal/conditions',
      kyc: '/portal/informations',
      'new-password': '/portal/mot-de-passe',
      accounts: '/portal/comptes',
      account: '/portal/comptes/:id',
      'sign-out': '/portal/deconnexion',
    },
    fields: {
      login: 'login',
      password: 'password',
      positions: 'positions',
      key: 'key',
      method: 'moyen',
      otp: 'otp',
      newPassword: 'new_password',
      repeatPassword: 'repeat_password',
      confirm: 'confirm',
    },
  },
  v2: {
    addresses: {
      login: '/portal/espace/sign-in',
      method: '/portal/espace/method',
      challenge: '/portal/espace/verify',
      waiting: '/portal/espace/approve',
      terms: '/portal/espace/steps/terms',
      kyc: '/portal/espace/steps/profile',
      'new-password': '/portal/espace/steps/password',
      accounts: '/portal/espace/overview',
      account: '/portal/espace/accounts/:id/activity',
      'sign-out': '/portal/espace/sign-out',
    },
    fields: {
      login: 'customer_number',
      password: 'secret',
      positions: 'pad',
      key: 'pad_key',
      method: 'method',
      otp: 'one_time_code',
      newPassword: 'new_secret',
      repeatPassword: 'new_secret_again',
      confirm: 'accepted',
    },
  },
};

/** The address of a page, with an account's id where it has one. */
export function addressOf(layout: PortalLayout, page: PortalPage, accountId = ''): string {
  return layouts[layout].addresses[page].replace(':id', encodeURIComponent(accountId));
}
