import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Bank } from '../bank.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { Refusal } from '../refusal.ts';
import type { AccountReference, Consent } from '../consents/consent.ts';
import { startInApp } from '../consents/decoupled.ts';
import { namedPerson } from '../consents/person-at-api.ts';
import type { ScenarioAccount } from '../scenario/schema.ts';
import { parseConsentRequest } from './consent-request.ts';
import { approachOf, authorisationAnswer, startLinks } from './authorisation-answer.ts';
import { findConsent } from './find-consent.ts';
import { psuId, psuIpAddress, redirectHeader } from './headers.ts';
import { readJson, tooLarge } from './json-body.ts';
import { berlinGroupPath, links } from './links.ts';
import { listedAccounts } from './multicurrency.ts';

/** Consents (Implementation Guidelines 6.3). */
export function consentRoutes(app: Hono, bank: Bank, originOf: (context: Context) => string): void {
  app.post('/consents', bodyLimit({ maxSize: 100_000, onError: tooLarge }), async (context) => {
    if (psuIpAddress(context) === null) {
      throw new Refusal(400, 'FORMAT_ERROR', 'The header PSU-IP-Address is mandatory here.', {
        path: 'PSU-IP-Address',
      });
    }
    const profile = bank.scenario().bank;
    const request = parseConsentRequest(await readJson(context, 'mandatory'), profile, bank.ledger().day);
    const redirectUri = redirectHeader(context, 'TPP-Redirect-URI');
    const leadsBrowser = profile.scaApproach !== 'decoupled' && profile.scaApproach !== 'embedded';
    if (redirectUri === null && leadsBrowser) {
      throw new Refusal(
        400,
        'FORMAT_ERROR',
        'The header TPP-Redirect-URI is mandatory: this bank authorises by redirect.',
        { path: 'TPP-Redirect-URI' },
      );
    }
    const psuLogin = psuId(context);
    if (psuLogin === null && profile.switches.psuId === 'required') {
      throw new Refusal(400, 'FORMAT_ERROR', 'The header PSU-ID is mandatory here.', { path: 'PSU-ID' });
    }
    if (psuLogin !== null && !leadsBrowser) namedPerson(bank, psuLogin);
    const added = bank.consents.add({
      ...request,
      redirectUri,
      nokRedirectUri: redirectHeader(context, 'TPP-Nok-Redirect-URI'),
      startsAuthorisation:
        profile.switches.startAuthorisation === 'implicit' || profile.switches.authorisationResource === 'consent',
      psuLogin,
    });
    const [first] = added.authorisations;
    const asksInApp = profile.scaApproach === 'decoupled' && first !== undefined && psuLogin !== null;
    const consent = asksInApp ? startInApp(bank, added, first, psuLogin) : added;
    const [authorisation] = consent.authorisations;
    const origin = originOf(context);
    const self = `/consents/${consent.id}`;
    context.header('ASPSP-SCA-Approach', approachOf(bank, authorisation));
    context.header('Location', `${origin}${berlinGroupPath}${self}`);
    const told = authorisation ? authorisationAnswer(bank, consent, authorisation, origin) : null;
    return context.json(
      {
        consentStatus: consent.status,
        consentId: consent.id,
        ...told,
        _links: {
          ...(told ? told._links : startLinks(bank, consent, origin)),
          ...links(origin, { self, status: `${self}/status` }),
        },
      },
      201,
    );
  });

  app.get('/consents/:id', (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    return context.json({
      access: accessOf(bank, consent),
      recurringIndicator: consent.recurring,
      validUntil: consent.validUntil,
      frequencyPerDay: consent.frequencyPerDay,
      lastActionDate: consent.lastActionOn,
      consentStatus: consent.status,
    });
  });

  app.get('/consents/:id/status', (context) =>
    context.json({ consentStatus: findConsent(bank, context.req.param('id')).status }),
  );

  app.delete('/consents/:id', (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    if (consent.status === 'valid' || consent.status === 'received')
      bank.consents.save({ ...consent, status: 'terminatedByTpp' });
    return context.body(null, 204);
  });
}

/** A bank-offered consent shows what the person chose, once he did; the others show what was asked for. */
function accessOf(bank: Bank, consent: Consent): object {
  if (consent.model !== 'bank-offered' || consent.status === 'received') return consent.access;
  const { accounts } = bank.scenario();
  const references = (ids: readonly string[]) =>
    listedAccounts(
      bank,
      ids.flatMap((id) => accounts.find((candidate) => candidate.id === id) ?? []),
    ).map((account) => referenceOf(bank, account));
  return {
    accounts: references(consent.grant.accounts),
    balances: references(consent.grant.balances),
    transactions: references(consent.grant.transactions),
  };
}

function referenceOf(bank: Bank, account: ScenarioAccount): AccountReference {
  const iban = ibanOf(bank.scenario(), account);
  const maskedPan = maskedPanOf(bank.scenario(), account);
  return {
    ...(iban === null ? {} : { iban }),
    ...(iban !== null || maskedPan === null ? {} : { maskedPan }),
    currency: account.currency,
  };
}
