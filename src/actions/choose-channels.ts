import type { AccountType } from '../domain/account.ts';
import type { ChannelKind } from '../domain/connection.ts';
import { Failure, invalidInput, type Issue } from '../domain/failure.ts';
import type { ProviderId } from '../kernel/id.ts';
import { isBySignIn } from '../store/channels.ts';
import type { Executor } from '../store/scope.ts';
import { findProviderChannels, type ChannelDefinition } from '../store/providers.ts';

interface Choice {
  readonly providerId: ProviderId;
  /** Null takes one of what the provider offers, REDIRECT first. */
  readonly channels: readonly ChannelKind[] | null;
  /** The only types of accounts to take: each must be one of a chosen channel. Null, as when absent, takes all. */
  readonly accountTypes?: readonly AccountType[] | null;
  /** The providers that the client may use; null for all. */
  readonly providerSlugs: readonly string[] | null;
}

/**
 * The channel definitions to link a provider by, REDIRECT first. Failures: NOT_FOUND (providerId), VALIDATION_FAILED
 * (channels, accountTypes), CONNECTOR_DISABLED for an EMBEDDED channel whose form is not described.
 */
export async function chooseChannels(
  db: Executor,
  { providerId, channels, accountTypes, providerSlugs }: Choice,
): Promise<[ChannelDefinition, ...ChannelDefinition[]]> {
  const offered = await findProviderChannels(db, providerId, providerSlugs);
  if (!offered) {
    const message = 'No such provider.';
    throw new Failure('NOT_FOUND', { message, issues: [{ path: ['providerId'], message }] });
  }
  const sorted = offered.toSorted((left) => (left.kind === 'REDIRECT' ? -1 : 1));
  const missing = channels?.findIndex((kind) => offered.every((definition) => definition.kind !== kind)) ?? -1;
  if (missing !== -1) throw invalidInput([{ path: ['channels', missing], message: notOffered(offered) }]);
  const chosen = channels ? sorted.filter(({ kind }) => channels.includes(kind)) : sorted.slice(0, 1);
  const [first, ...others] = chosen;
  if (!first) throw invalidInput([{ path: ['channels'], message: channels ? 'Name one at least.' : notOffered([]) }]);
  const notShown = accountTypeIssues(chosen, accountTypes ?? []);
  if (notShown.length > 0) throw invalidInput(notShown);
  if (chosen.some((definition) => definition.kind === 'EMBEDDED' && !isBySignIn(definition))) {
    throw new Failure('CONNECTOR_DISABLED');
  }
  return [first, ...others];
}

function accountTypeIssues(chosen: readonly ChannelDefinition[], wanted: readonly AccountType[]): Issue[] {
  const offered = new Set(chosen.flatMap((definition) => definition.accountTypes));
  const message = `No chosen channel offers accounts of this type; offered are: ${[...offered].join(', ')}.`;
  return wanted.flatMap((type, index) => (offered.has(type) ? [] : [{ path: ['accountTypes', index], message }]));
}

function notOffered(offered: readonly ChannelDefinition[]): string {
  const kinds = offered.map((definition) => definition.kind).join(', ') || 'none';
  return `The provider does not offer this channel; it offers: ${kinds}.`;
}
