import { createClient } from '../actions/create-client.ts';
import { rotateClientSecret } from '../actions/rotate-client-secret.ts';
import { disableClient, enableClient, updateClient } from '../actions/update-client.ts';
import { permissions } from '../domain/viewer.ts';
import { findClient, listClients, type ClientRow } from '../store/clients.ts';
import { authenticationOf, settingsOf, type AuthenticationOptions, type ClientOptions } from './client-options.ts';
import { print, printList } from './print.ts';
import { withInstallation, type CommandContext } from './with-installation.ts';

interface Output {
  readonly json?: boolean;
}

/** Registers a client and shows its secret, this once. Without `--scope` it may have every scope. */
export async function clientCreate(
  name: string,
  options: Output & ClientOptions & AuthenticationOptions,
): Promise<void> {
  const authentication = await authenticationOf(options);
  await withInstallation(async (context) => {
    const settings = { permissions, isClientModeAllowed: false, ...settingsOf(options), name };
    const { oauthClientId, secret } = await createClient(context, { ...settings, authentication });
    const shown = secret === '' ? {} : { secret };
    print({ clientId: oauthClientId, ...shown, ...(await viewOf(context, oauthClientId)) }, options);
  });
}

export async function clientList(options: Output): Promise<void> {
  await withInstallation(async ({ database }) => printList((await listClients(database)).map(view), options));
}

/** Changes what is given of a client and shows the whole. */
export async function clientUpdate(clientId: string, options: Output & ClientOptions): Promise<void> {
  await withInstallation(async (context) => {
    await updateClient(context, clientId, settingsOf(options));
    print(await viewOf(context, clientId), options);
  });
}

export async function clientDisable(clientId: string, options: Output): Promise<void> {
  await withInstallation(async (context) => {
    await disableClient(context, clientId);
    print(await viewOf(context, clientId), options);
  });
}

export async function clientEnable(clientId: string, options: Output): Promise<void> {
  await withInstallation(async (context) => {
    await enableClient(context, clientId);
    print(await viewOf(context, clientId), options);
  });
}

/** Shows a new secret, this once, and until when the old one is valid. */
export async function clientRotateSecret(
  clientId: string,
  options: Output & { readonly overlap: number },
): Promise<void> {
  await withInstallation(async (context) => {
    const rotated = await rotateClientSecret(context, clientId, options.overlap);
    print({ clientId, ...rotated }, options);
  });
}

async function viewOf({ database }: CommandContext, oauthClientId: string) {
  const client = await findClient(database.db, oauthClientId);
  return client ? view(client) : {};
}

/** A client without its secrets. */
function view(client: ClientRow) {
  const { oauthClientId, name, permissions: scopes, createdAt, disabledAt } = client;
  return {
    clientId: oauthClientId,
    name,
    status: disabledAt === null ? 'enabled' : `disabled since ${disabledAt.toISOString()}`,
    authentication: client.authenticationMethod,
    scopes,
    clientMode: client.isClientModeAllowed,
    redirectUrls: client.redirectUrls,
    widgetOrigins: client.widgetOrigins,
    providers: client.providerSlugs,
    webhooksMax: client.webhooksMax,
    mustAcceptTerms: client.mustAcceptTerms,
    termsVersion: client.termsVersion,
    termsUrl: client.termsUrl,
    oldSecretValidUntil: client.oldSecretsExpireAt ?? undefined,
    createdAt,
  };
}
