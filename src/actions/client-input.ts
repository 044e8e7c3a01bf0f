import { jsonWebKeySet, type AuthenticationMethod } from '../domain/client-authentication.ts';
import type { Issue } from '../domain/failure.ts';
import { permissions, type Permission } from '../domain/viewer.ts';
import type { AuthenticationRow, ClientSettings } from '../store/clients.ts';
import { newClientSecret } from './client-secret.ts';
import { hashPassword } from './password.ts';

/** How a client or an application will prove who it is. */
export interface AuthenticationInput {
  readonly method: AuthenticationMethod;
  /** Of private_key_jwt and self_signed_tls_client_auth: public keys, or certificates in `x5c` (RFC 7517). */
  readonly jwks?: unknown;
  /** Of tls_client_auth (RFC 4514). */
  readonly tlsSubjectDn?: string;
}

const webhooksMaxMax = 1_000;

/** Everything that is wrong with a client's settings; what is absent is not judged. */
export function clientIssues(input: Partial<ClientSettings>): readonly Issue[] {
  return [
    ...nameIssues(input.name),
    ...permissionIssues(input.permissions),
    ...listIssues('redirectUrls', input.redirectUrls, isRedirectUrl, 'an absolute http or https address'),
    ...listIssues('widgetOrigins', input.widgetOrigins, isOrigin, 'an origin such as https://app.example.com'),
    ...listIssues(
      'providerSlugs',
      input.providerSlugs,
      (slug) => /^[\w.-]{1,100}$/.test(slug),
      'the slug of a provider',
    ),
    ...(input.termsVersion === undefined || /^[\w.-]{1,50}$/.test(input.termsVersion)
      ? []
      : [{ path: ['termsVersion'], message: 'Give 1 to 50 letters, digits, dots, dashes or underscores.' }]),
    ...listIssues(
      'termsUrl',
      input.termsUrl ? [input.termsUrl] : [],
      isRedirectUrl,
      'an absolute http or https address',
    ),
    ...(input.webhooksMax === undefined || isCount(input.webhooksMax)
      ? []
      : [{ path: ['webhooksMax'], message: `Give a number from 0 to ${webhooksMaxMax}.` }]),
  ];
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= webhooksMaxMax;
}

export function nameIssues(name: string | undefined): readonly Issue[] {
  const length = name?.trim().length;
  if (length === undefined || (length > 0 && length <= 100)) return [];
  return [{ path: ['name'], message: 'Give a name of 1 to 100 characters.' }];
}

export function permissionIssues(given: readonly Permission[] | undefined): readonly Issue[] {
  const unknown = (given ?? []).filter((permission) => !permissions.includes(permission));
  if (unknown.length === 0) return [];
  const message = `Unknown: ${unknown.join(', ')}. Choose among ${permissions.join(', ')}.`;
  return [{ path: ['permissions'], message }];
}

/** One issue for each entry of a list that is not what it should be. */
export function listIssues(
  name: string,
  list: readonly string[] | null | undefined,
  isGood: (entry: string) => boolean,
  what: string,
): readonly Issue[] {
  const bad = (list ?? []).flatMap((entry, index) => (isGood(entry) ? [] : [{ entry, index }]));
  return bad.map(({ entry, index }) => ({ path: [name, index], message: `"${entry}" is not ${what}.` }));
}

function isRedirectUrl(text: string): boolean {
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  return isWeb && text.length <= 2_000 && url.username === '' && url.hash === '';
}

function isOrigin(text: string): boolean {
  return isRedirectUrl(text) && URL.parse(text)?.origin === text;
}

const loopbackHosts = ['localhost', '127.0.0.1'];

/** True for an address to which a code may be sent: https, or a program on the person's own machine. */
export function isRedirectUri(text: string): boolean {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url !== null && loopbackHosts.includes(url.hostname));
  return isSafe && isRedirectUrl(text);
}

/** What is wrong with a way to authenticate. */
export function authenticationIssues({ method, jwks, tlsSubjectDn }: AuthenticationInput): readonly Issue[] {
  const needsKeys = method === 'private_key_jwt' || method === 'self_signed_tls_client_auth';
  const keys = needsKeys ? jsonWebKeySet.safeParse(jwks) : null;
  if (keys && !keys.success) {
    const reason = keys.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; ');
    return [{ path: ['jwks'], message: `${method} needs a JSON Web Key Set of public keys: ${reason}.` }];
  }
  if (method === 'self_signed_tls_client_auth' && !keys?.data.keys.some((key) => Array.isArray(key['x5c']))) {
    return [{ path: ['jwks'], message: 'self_signed_tls_client_auth needs the certificates, as x5c of the keys.' }];
  }
  if (method === 'tls_client_auth' && !/^[^=]+=[^=]/.test(tlsSubjectDn ?? '')) {
    return [
      {
        path: ['tlsSubjectDn'],
        message: 'tls_client_auth needs the subject of the certificate, such as CN=app,O=Acme.',
      },
    ];
  }
  return [];
}

interface NewAuthentication {
  readonly row: AuthenticationRow;
  /** Shown this once: only its hash is kept. Null for a method without one. */
  readonly secret: string | null;
}

/** The columns of a way to authenticate that has no issues, with a new secret where it needs one. */
export async function newAuthentication({
  method,
  jwks,
  tlsSubjectDn,
}: AuthenticationInput): Promise<NewAuthentication> {
  const secret = method === 'client_secret' ? newClientSecret() : null;
  const hasKeys = method === 'private_key_jwt' || method === 'self_signed_tls_client_auth';
  const row = {
    authenticationMethod: method,
    secretHashes: secret === null ? [] : [await hashPassword(secret)],
    oldSecretsExpireAt: null,
    jwks: hasKeys ? jsonWebKeySet.parse(jwks) : null,
    tlsSubjectDn: method === 'tls_client_auth' ? (tlsSubjectDn ?? null) : null,
  };
  return { row, secret };
}
