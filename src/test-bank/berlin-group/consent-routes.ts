import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Bank } from '../bank.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { Refusal } from '../refusal.ts';
import type { AccountReference, Consent } from '../consents/consent.ts';
import { parseConsentRequest } from './consent-request.ts';
import { psuIpAddress, redirectHeader } from './headers.ts';
import { links } from './links.ts';

const authorisationsMax = 20;

/** Consents and their authorisations (Implementation Guidelines 6.3 and 7). */
export function consentRoutes(app: Hono, bank: Bank, originOf: (context: Context) => string): void {
  app.post('/consents', bodyLimit({ maxSize: 100_000, onError: tooLarge }), async (context) => {
    if (psuIpAddress(context) === null) {
      throw new Refusal(400, 'FORMAT_ERROR', 'The header PSU-IP-Address is mandatory here.', {
        path: 'PSU-IP-Address',
      });
    }
    const profile = bank.scenario().bank;
    const request = parseConsentRequest(await readJson(context), profile, bank.ledger().day);
    const redirectUri = redirectHeader(context, 'TPP-Redirect-URI');
    if (redirectUri === null) {
      throw new Refusal(
        400,
        'FORMAT_ERROR',
        'The header TPP-Redirect-URI is mandatory: this bank authorises by redirect.',
        { path: 'TPP-Redirect-URI' },
      );
    }
    const consent = bank.consents.add({
      ...request,
      redirectUri,
      nokRedirectUri: redirectHeader(context, 'TPP-Nok-Redirect-URI'),
      startsAuthorisation: profile.switches.startAuthorisation === 'implicit',
    });
    const origin = originOf(context);
    const self = `/consents/${consent.id}`;
    const authorisation = consent.authorisations[0];
    context.header('ASPSP-SCA-Approach', 'REDIRECT');
    context.header('Location', `${origin}/berlin-group/v1${self}`);
    return context.json(
      {
        consentStatus: consent.status,
        consentId: consent.id,
        _links: authorisation
          ? {
              scaRedirect: { href: scaAddress(origin, authorisation.id) },
              ...links(origin, {
                self,
                status: `${self}/status`,
                scaStatus: `${self}/authorisations/${authorisation.id}`,
              }),
            }
          : links(origin, { self, status: `${self}/status`, startAuthorisation: `${self}/authorisations` }),
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

  app.post('/consents/:id/authorisations', (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    if (consent.status !== 'received') {
      throw new Refusal(
        409,
        'STATUS_INVALID',
        `The consent is ${consent.status}: only a received one can be authorised.`,
      );
    }
    if (consent.authorisations.length >= authorisationsMax) {
      throw new Refusal(409, 'STATUS_INVALID', `The consent has had ${authorisationsMax} authorisations already.`);
    }
    const authorisation = bank.consents.startAuthorisation(consent).authorisations.at(-1);
    if (!authorisation) throw new Refusal(500, 'INTERNAL_SERVER_ERROR', 'No authorisation was started.');
    const origin = originOf(context);
    context.header('ASPSP-SCA-Approach', 'REDIRECT');
    return context.json(
      {
        scaStatus: authorisation.scaStatus,
        authorisationId: authorisation.id,
        _links: {
          scaRedirect: { href: scaAddress(origin, authorisation.id) },
          ...links(origin, { scaStatus: `/consents/${consent.id}/authorisations/${authorisation.id}` }),
        },
      },
      201,
    );
  });

  app.get('/consents/:id/authorisations', (context) => {
    const consent = findConsent(bank, context.req.param('id'));
    return context.json({ authorisationIds: consent.authorisations.map(({ id }) => id) });
  });

  app.get('/consents/:id/authorisations/:authorisationId', (context) => {
    const wanted = context.req.param('authorisationId');
    const found = findConsent(bank, context.req.param('id')).authorisations.find(({ id }) => id === wanted);
    if (!found) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'The consent has no such authorisation.');
    return context.json({ scaStatus: found.scaStatus });
  });
}

function findConsent(bank: Bank, id: string): Consent {
  const consent = bank.consents.find(id);
  if (!consent) throw new Refusal(403, 'CONSENT_UNKNOWN', 'The consent is not known to this bank.');
  return consent;
}

function scaAddress(origin: string, authorisationId: string): string {
  return `${origin}/auth/authorisations/${authorisationId}`;
}

/** A bank-offered consent shows what the person chose, once he did; the others show what was asked for. */
function accessOf(bank: Bank, consent: Consent): object {
  if (consent.model !== 'bank-offered' || consent.status === 'received') return consent.access;
  const references = (ids: readonly string[]) => ids.flatMap((id) => referenceOf(bank, id));
  return {
    accounts: references(consent.grant.accounts),
    balances: references(consent.grant.balances),
    transactions: references(consent.grant.transactions),
  };
}

function referenceOf(bank: Bank, id: string): AccountReference[] {
  const account = bank.scenario().accounts.find((candidate) => candidate.id === id);
  if (!account) return [];
  const iban = ibanOf(bank.scenario(), account);
  const maskedPan = maskedPanOf(bank.scenario(), account);
  return [
    {
      ...(iban === null ? {} : { iban }),
      ...(iban !== null || maskedPan === null ? {} : { maskedPan }),
      currency: account.currency,
    },
  ];
}

async function readJson(context: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    throw new Refusal(415, 'FORMAT_ERROR', 'The body must be application/json.', { path: 'Content-Type' });
  }
  try {
    return await context.req.json();
  } catch {
    throw new Refusal(400, 'FORMAT_ERROR', 'The body is not valid JSON.');
  }
}

function tooLarge(): never {
  throw new Refusal(413, 'FORMAT_ERROR', 'The body is larger than 100 kB.');
}
