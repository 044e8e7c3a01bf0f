import type { Permission } from '../domain/viewer.ts';
import type { ClientId, ApplicationId } from '../kernel/id.ts';
import { parseId } from '../kernel/id.ts';
import { findApplication } from '../store/applications.ts';
import { findClientById, findEnabledClient, type AuthenticationRow } from '../store/clients.ts';
import type { Database } from '../store/database.ts';
import { grantable, type SubjectKind } from './scopes.ts';

/** Who speaks OAuth with us: a client, or an application that a client has registered. */
export interface Party extends AuthenticationRow {
  readonly oauthClientId: string;
  readonly name: string;
  /** The client itself, or the one that has registered the application. */
  readonly clientId: ClientId;
  readonly clientName: string;
  /** Null for a client. */
  readonly applicationId: ApplicationId | null;
  /** Empty for a client, which has its users log in at its own pages. */
  readonly redirectUris: readonly string[];
  /** What its tokens may carry. */
  readonly grantable: Readonly<Record<SubjectKind, readonly Permission[]>>;
}

/** The party with this OAuth client id; null when there is none, or when it or its client is disabled. */
export async function findParty(database: Database, oauthClientId: string): Promise<Party | null> {
  const applicationId = parseId('application', oauthClientId);
  if (applicationId) return findApplicationParty(database, applicationId);
  const client = await findEnabledClient(database, oauthClientId);
  if (!client) return null;
  return {
    ...authenticationOf(client),
    oauthClientId,
    name: client.name,
    clientId: client.id,
    clientName: client.name,
    applicationId: null,
    redirectUris: [],
    grantable: { client: grantable(client, 'client'), user: grantable(client, 'user') },
  };
}

/** An application acts for users only, and never with more than its client could. */
async function findApplicationParty(database: Database, id: ApplicationId): Promise<Party | null> {
  const application = await findApplication(database.db, id);
  const client = application && (await findClientById(database, application.clientId));
  if (!application || !client || application.disabledAt !== null || client.disabledAt !== null) return null;
  const ofUsers = grantable(client, 'user').filter((permission) => application.permissions.includes(permission));
  return {
    ...authenticationOf(application),
    oauthClientId: id,
    name: application.name,
    clientId: application.clientId,
    clientName: client.name,
    applicationId: id,
    redirectUris: application.redirectUris,
    grantable: { client: [], user: ofUsers },
  };
}

function authenticationOf(row: AuthenticationRow): AuthenticationRow {
  const { authenticationMethod, secretHashes, oldSecretsExpireAt, jwks, tlsSubjectDn } = row;
  return { authenticationMethod, secretHashes, oldSecretsExpireAt, jwks, tlsSubjectDn };
}

/** The hashes of the secrets that are valid at `now`: the newest, and while a rotation lasts the ones before it. */
export function validSecretHashes(row: AuthenticationRow, now: Date): readonly string[] {
  const areOldOnesValid = row.oldSecretsExpireAt !== null && row.oldSecretsExpireAt > now;
  return areOldOnesValid ? row.secretHashes : row.secretHashes.slice(0, 1);
}
