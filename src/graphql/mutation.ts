import { answerOnce } from '../actions/answer-once.ts';
import { Failure, invalidInput, notFound } from '../domain/failure.ts';
import { ownScopeOf, scopeOf, scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import {
  failureTypeOf,
  failureTypes,
  isShownFailure,
  shown,
  type FailureTypeName,
  type ShownFailure,
} from './failures.ts';
import { readInputId } from './global-id.ts';
import { unauthenticated } from './request-error.ts';

/** Failures that every mutation may answer. */
const common = ['InvalidInput', 'NotFound', 'Conflict', 'PlatformFailure'] as const;

/** Failures of whatever must speak to a bank. */
export const bankFailures = [
  'AuthenticationFailure',
  'ScaFailure',
  'ConsentFailure',
  'BankFailure',
  'AccountFailure',
  'DataFailure',
  'ConnectorFailure',
  'SyncFailure',
] as const;

/** What a payload keeps: the ids by which its fields are read again, also for a repetition of the request. */
export type Outcome = Record<string, string | boolean>;

/** The union of a mutation's payload and its failures: `UserCreateResult` for `UserCreatePayload`. */
export function resultType<Payload extends Outcome>(
  name: `${string}Result`,
  payload: ReturnType<ReturnType<typeof builder.objectRef<Payload>>['implement']>,
  failures: readonly FailureTypeName[] = [],
) {
  const members = [...common, ...failures].map((failure) => failureTypes[failure]);
  return builder.unionType(name, {
    description: 'The payload, or why nothing was changed; `... on Failure` matches every failure.',
    types: [payload, ...members],
    resolveType: (value) => (isShownFailure(value) ? failureTypeOf(value.code) : payload.name),
  });
}

interface Attempt {
  /** Name of the mutation. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>> & { readonly idempotencyKey?: string | null | undefined };
  /** True when the input holds a password. */
  readonly hasSecret?: boolean;
}

/** Runs a mutation, at most once for its idempotency key; expected failures become values. */
export async function attempt<Payload extends Outcome>(
  { viewer, actions }: GraphqlContext,
  { operation, input, hasSecret = false }: Attempt,
  work: () => Promise<Payload>,
): Promise<Payload | ShownFailure> {
  try {
    const { idempotencyKey, ...rest } = input;
    if (idempotencyKey === null || idempotencyKey === undefined) return await work();
    if (viewer.kind === 'anonymous') throw unauthenticated();
    const subject = viewer.kind === 'user' ? viewer.userId : viewer.clientId;
    const request = { clientId: viewer.clientId, subject, key: idempotencyKey, operation, input: rest, hasSecret };
    return await answerOnce(actions, request, work, isOutcome<Payload>);
  } catch (error) {
    if (error instanceof Failure) return shown(error);
    throw error;
  }
}

/** What is kept under a key was an outcome of the same operation, so its shape is the same. */
function isOutcome<Payload extends Outcome>(kept: Record<string, unknown>): kept is Payload {
  return Object.values(kept).every((value) => typeof value === 'string' || typeof value === 'boolean');
}

/** Whose rows a mutation may touch. */
export function scopeOfViewer({ viewer }: GraphqlContext): Scope {
  const scope = scopeOf(viewer);
  if (!scope) throw unauthenticated();
  return scope;
}

/**
 * The one user whom an input names: himself for a user token, a user of its own for a client token. Looked up here, so
 * that nothing is begun in the name of a user whom the token may not know.
 */
export async function userScopeOf(
  context: GraphqlContext,
  userId: string | null | undefined,
  field = 'userId',
): Promise<UserScope> {
  const named = userId ? readInputId('User', userId, field) : null;
  const { clientId } = scopeOfViewer(context);
  const own = ownScopeOf(context.viewer);
  if (own && named && own.userId !== named) throw notFound('user');
  if (own) return own;
  if (!named) throw invalidInput([{ path: [field], message: 'A client token must name the user.' }]);
  const user = await context.db.query.users.findFirst({ where: { id: named, clientId }, columns: { id: true } });
  if (!user) throw notFound('user');
  return scopeOfRow({ clientId, userId: user.id });
}

/** For whom a client sets something up: the user whom the input names, else whom the token stands for. */
export async function ownerScopeOf(context: GraphqlContext, userId: string | null | undefined): Promise<Scope> {
  return userId ? userScopeOf(context, userId) : scopeOfViewer(context);
}

/** The field that every input has. */
export const idempotencyKeyDescription =
  'Any text of 1 to 255 characters: within 24 hours the same key with the same input is answered without doing it again.';
