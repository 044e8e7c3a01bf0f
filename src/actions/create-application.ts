import { invalidInput, type Issue } from '../domain/failure.ts';
import type { Permission } from '../domain/viewer.ts';
import { newId, type ApplicationId } from '../kernel/id.ts';
import { insertApplication } from '../store/applications.ts';
import {
  authenticationIssues,
  isRedirectUri,
  listIssues,
  nameIssues,
  newAuthentication,
  permissionIssues,
  type AuthenticationInput,
} from './client-input.ts';
import type { ActionContext } from './context.ts';
import { changeClient } from './update-client.ts';

interface NewApplicationInput {
  readonly name: string;
  /** What its tokens may carry, within what the client's users may give. */
  readonly permissions: readonly Permission[];
  /** Where codes may be sent, character by character. */
  readonly redirectUris: readonly string[];
  readonly authentication?: AuthenticationInput;
}

export interface CreatedApplication {
  readonly id: ApplicationId;
  /** Shown this once: only its hash is kept. Empty where the application proves itself in another way. */
  readonly secret: string;
}

/**
 * Registers a third party of a client, which the client's users may let in. Fails with VALIDATION_FAILED, or with
 * NOT_FOUND for an OAuth client id that no client has.
 */
export async function createApplication(
  context: Pick<ActionContext, 'database' | 'clock'>,
  oauthClientId: string,
  { authentication = { method: 'client_secret' }, ...input }: NewApplicationInput,
): Promise<CreatedApplication> {
  const issues = [...applicationIssues(input), ...authenticationIssues(authentication)];
  if (issues.length > 0) throw invalidInput(issues);
  const now = context.clock.now();
  const id = newId('application', now);
  const { row, secret } = await newAuthentication(authentication);
  await changeClient(
    context,
    oauthClientId,
    'application.create',
    async (tx, client) => {
      const application = { ...input, ...row, id, clientId: client.id, name: input.name.trim(), createdAt: now };
      await insertApplication(tx, { ...application, disabledAt: null });
    },
    { applicationId: id },
  );
  return { id, secret: secret ?? '' };
}

function applicationIssues(input: Omit<NewApplicationInput, 'authentication'>): readonly Issue[] {
  const what = 'an https address without a fragment (http only for localhost)';
  return [
    ...nameIssues(input.name),
    ...permissionIssues(input.permissions),
    ...(input.redirectUris.length === 0 ? [{ path: ['redirectUris'], message: `Give ${what}.` }] : []),
    ...listIssues('redirectUris', input.redirectUris, isRedirectUri, what),
  ];
}
