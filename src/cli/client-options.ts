import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import type { AuthenticationInput } from '../actions/client-input.ts';
import { authenticationMethods, type AuthenticationMethod } from '../domain/client-authentication.ts';
import { permissions, type Permission } from '../domain/viewer.ts';
import type { ClientSettings } from '../store/clients.ts';

/** How a client or an application proves itself, as options. */
export interface AuthenticationOptions {
  readonly authentication?: AuthenticationMethod;
  readonly jwks?: string;
  readonly tlsSubject?: string;
}

/** The settings of a client, as options. */
export interface ClientOptions {
  readonly name?: string;
  readonly scope?: readonly Permission[];
  readonly clientMode?: boolean;
  readonly redirectUrl?: readonly string[];
  readonly widgetOrigin?: readonly string[];
  readonly provider?: readonly string[];
  readonly webhooksMax?: number;
  readonly terms?: boolean;
  readonly termsVersion?: string;
  readonly termsUrl?: string;
}

function parseScope(text: string): readonly Permission[] {
  const names = text.split(/[ ,]+/).filter((name) => name !== '');
  const known = permissions.filter((permission) => names.includes(permission));
  const unknown = names.find((name) => !permissions.some((permission) => permission === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`"${unknown}" is no scope; allowed: ${permissions.join(', ')}.`);
  }
  return known;
}

function parseMethod(text: string): AuthenticationMethod {
  const method = authenticationMethods.find((known) => known === text);
  if (!method) throw new InvalidArgumentError(`"${text}" is no method; allowed: ${authenticationMethods.join(', ')}.`);
  return method;
}

/** `any` lifts the limit. */
function collect(text: string, before: readonly string[] = []): readonly string[] {
  return text === 'any' ? ['any'] : [...before, text];
}

/** The option for what tokens may carry. */
export function addScopeOption(command: Command, description: string): Command {
  return command.option('--scope <list>', description, parseScope);
}

/** The options for the settings of a client. */
export function addClientOptions(command: Command): Command {
  return addScopeOption(command, 'what its tokens may carry, between commas')
    .option('--client-mode', 'its own tokens may act on its users’ data, not only manage the users')
    .option('--no-client-mode', 'its own tokens only manage users')
    .option('--redirect-url <address>', 'where a bank’s return may end; repeat it, or "any"', collect)
    .option('--widget-origin <origin>', 'a page that may embed the widget; repeat it, or "any" for none', collect)
    .option('--provider <slug>', 'a provider that it may see and link; repeat it, or "any"', collect)
    .option('--webhooks-max <count>', 'how many webhooks it may have', (text) => Number(text))
    .option('--terms', 'its users must accept the terms before they link a bank')
    .option('--no-terms', 'its users need not accept terms')
    .option('--terms-version <version>', 'the version of the terms that is current; a new one is accepted anew')
    .option('--terms-url <address>', 'where a person reads them');
}

/** The options for how a client or an application proves itself. */
export function addAuthenticationOptions(command: Command): Command {
  return command
    .option('--authentication <method>', `one of ${authenticationMethods.join(', ')}`, parseMethod)
    .option('--jwks <file>', 'its public keys, or its certificates as x5c, as a JSON Web Key Set')
    .option('--tls-subject <name>', 'the subject of its certificate, such as CN=app,O=Acme');
}

/** The settings that were given, and no others. */
export function settingsOf(options: ClientOptions): Partial<ClientSettings> {
  const { name, scope, clientMode, redirectUrl, widgetOrigin, provider, webhooksMax, terms } = options;
  const { termsVersion, termsUrl } = options;
  const limited = (list: readonly string[]) => (list.includes('any') ? null : list);
  return {
    ...(name === undefined ? {} : { name }),
    ...(scope === undefined ? {} : { permissions: scope }),
    ...(clientMode === undefined ? {} : { isClientModeAllowed: clientMode }),
    ...(redirectUrl === undefined ? {} : { redirectUrls: limited(redirectUrl) }),
    ...(widgetOrigin === undefined ? {} : { widgetOrigins: limited(widgetOrigin) ?? [] }),
    ...(provider === undefined ? {} : { providerSlugs: limited(provider) }),
    ...(webhooksMax === undefined ? {} : { webhooksMax }),
    ...(terms === undefined ? {} : { mustAcceptTerms: terms }),
    ...(termsVersion === undefined ? {} : { termsVersion }),
    ...(termsUrl === undefined ? {} : { termsUrl }),
  };
}

/** How the client or application will prove itself; a secret unless told otherwise. Reads the file of keys. */
export async function authenticationOf(options: AuthenticationOptions): Promise<AuthenticationInput> {
  const { authentication: method = 'client_secret', jwks: file, tlsSubject } = options;
  const jwks = file === undefined ? undefined : await readKeys(file);
  return { method, jwks, ...(tlsSubject === undefined ? {} : { tlsSubjectDn: tlsSubject }) };
}

async function readKeys(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`--jwks: the file ${file} cannot be read.`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`--jwks: the file ${file} holds no JSON.`, { cause });
  }
}
