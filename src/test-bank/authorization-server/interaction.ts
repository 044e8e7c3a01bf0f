import { errors, type Interaction, type Provider } from 'oidc-provider';
import { systemClock } from '../../kernel/clock.ts';
import type { Bank } from '../bank.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import { accountsResource, issuerOf, oauthPath } from './addresses.ts';
import type { OauthRecords } from './records.ts';
import { consentForScope } from './scopes.ts';

const model = 'InteractionConsent';

/**
 * Leads the browser to the bank's own pages, where the person logs in and decides. When he agrees, they send him back
 * to the interaction; when he refuses, straight to the third party with access_denied (RFC 6749, 4.1.2.1; RFC 9207).
 */
export function startInteraction(bank: Bank, records: OauthRecords, origin: string, interaction: Interaction): string {
  const { redirect_uri: redirectUri, scope, state } = interaction.params;
  const [asked = ''] = typeof scope === 'string' ? scope.split(' ') : [];
  const consent = consentForScope(bank, asked);
  if (!consent || typeof redirectUri !== 'string') {
    throw new errors.InvalidScope('the consent can no longer be authorised', asked);
  }
  const refused = new URL(redirectUri);
  refused.searchParams.append('error', 'access_denied');
  refused.searchParams.append('error_description', 'the person or the bank refused');
  if (typeof state === 'string') refused.searchParams.append('state', state);
  refused.searchParams.append('iss', issuerOf(origin));
  const led = bank.consents.save({
    ...consent,
    redirectUri: `${origin}${oauthPath}/interactions/${interaction.uid}`,
    nokRedirectUri: refused.href,
    isReturnToOauth: true,
  });
  const authorisation = openAuthorisation(bank, led) ?? bank.consents.startAuthorisation(led).authorisations.at(-1);
  records.put({
    model,
    id: interaction.uid,
    payload: { consentId: consent.id, scope: asked },
    grantId: null,
    uid: null,
    expiresAt: Math.floor(bank.clock.now().getTime() / 1000) + bank.scenario().bank.authorisationSeconds,
    consumedAt: null,
  });
  return `/auth/authorisations/${authorisation?.id ?? ''}`;
}

/** The one that the bank started with the consent, while it can still be answered. */
function openAuthorisation(bank: Bank, { authorisations }: Consent): Authorisation | null {
  const last = authorisations.at(-1);
  const limit = bank.scenario().bank.authorisationSeconds * 1000;
  const isOpen = last?.scaStatus === 'received' && bank.clock.now().getTime() < last.startedAt + limit;
  return isOpen ? last : null;
}

/**
 * Takes the person's decision back to oidc-provider; gives where the browser goes on, or null when there is nothing to
 * finish. The browser that began is the one that ends: oidc-provider binds it by a cookie at the next address.
 */
export async function finishInteraction(
  bank: Bank,
  records: OauthRecords,
  provider: Provider,
  uid: string,
): Promise<string | null> {
  const interaction = await provider.Interaction.find(uid);
  const { consentId, scope } = records.find(model, uid)?.payload ?? {};
  const consent = typeof consentId === 'string' ? bank.consents.find(consentId) : null;
  const clientId = interaction?.params['client_id'];
  if (!interaction || consent?.status !== 'valid' || typeof scope !== 'string' || typeof clientId !== 'string') {
    return null;
  }
  records.delete(model, uid);
  const grant = new provider.Grant({ accountId: consent.id, clientId });
  grant.addResourceScope(accountsResource, scope);
  interaction.result = {
    login: { accountId: consent.id, remember: false },
    consent: { grantId: await grant.save() },
  };
  await interaction.save(Math.max(1, interaction.exp - Math.floor(systemClock.now().getTime() / 1000)));
  return interaction.returnTo;
}
