import { disableApplication, rotateApplicationSecret } from '../actions/change-application.ts';
import { createApplication } from '../actions/create-application.ts';
import type { Permission } from '../domain/viewer.ts';
import { permissions } from '../domain/viewer.ts';
import { listApplications, type ApplicationRow } from '../store/applications.ts';
import { authenticationOf, type AuthenticationOptions } from './client-options.ts';
import { print, printList } from './print.ts';
import { withInstallation } from './with-installation.ts';

interface Output {
  readonly json?: boolean;
}

interface NewApplicationOptions extends Output, AuthenticationOptions {
  readonly client: string;
  readonly redirectUri: readonly string[];
  readonly scope?: readonly Permission[];
}

/** Registers a third party of a client and shows its secret, this once. */
export async function applicationCreate(name: string, options: NewApplicationOptions): Promise<void> {
  const authentication = await authenticationOf(options);
  const { redirectUri: redirectUris, scope = permissions } = options;
  await withInstallation(async (context) => {
    const input = { name, redirectUris, permissions: scope, authentication };
    const { id, secret } = await createApplication(context, options.client, input);
    const shown = secret === '' ? {} : { secret };
    print({ applicationId: id, ...shown, name, redirectUris, scopes: scope }, options);
  });
}

export async function applicationList(options: Output): Promise<void> {
  await withInstallation(async ({ database }) => printList((await listApplications(database)).map(view), options));
}

export async function applicationDisable(id: string, options: Output): Promise<void> {
  await withInstallation(async (context) => {
    await disableApplication(context, id);
    print({ applicationId: id, status: 'disabled' }, options);
  });
}

/** Shows a new secret, this once, and until when the old one is valid. */
export async function applicationRotateSecret(
  id: string,
  options: Output & { readonly overlap: number },
): Promise<void> {
  await withInstallation(async (context) => {
    print({ applicationId: id, ...(await rotateApplicationSecret(context, id, options.overlap)) }, options);
  });
}

/** An application without its secrets. */
function view({ id, clientId, name, redirectUris, disabledAt, createdAt, ...row }: ApplicationRow) {
  return {
    applicationId: id,
    clientId,
    name,
    status: disabledAt === null ? 'enabled' : `disabled since ${disabledAt.toISOString()}`,
    authentication: row.authenticationMethod,
    scopes: row.permissions,
    redirectUris,
    oldSecretValidUntil: row.oldSecretsExpireAt ?? undefined,
    createdAt,
  };
}
