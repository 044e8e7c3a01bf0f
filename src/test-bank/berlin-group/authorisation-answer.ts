import type { Bank } from '../bank.ts';
import type { Authorisation, Consent } from '../consents/consent.ts';
import { metadataPath } from '../authorization-server/addresses.ts';
import type { BankProfile } from '../scenario/schema.ts';
import { links, type Link } from './links.ts';
import { challengeDataOf, methodsOf, type ChallengeData } from './sca-methods.ts';

/** `ASPSP-SCA-Approach` of an answer about this authorisation. */
export function approachOf(
  bank: Bank,
  authorisation: Authorisation | undefined,
): 'REDIRECT' | 'EMBEDDED' | 'DECOUPLED' {
  if (authorisation?.scaStatus === 'started') return 'DECOUPLED';
  return approachNames[bank.scenario().bank.scaApproach];
}

const approachNames = {
  redirect: 'REDIRECT',
  'oauth-integrated': 'REDIRECT',
  'oauth-pre-step': 'REDIRECT',
  decoupled: 'DECOUPLED',
  embedded: 'EMBEDDED',
} as const satisfies Record<BankProfile['scaApproach'], string>;

/** The link by which the third party starts an authorisation itself. */
export function startLinks(bank: Bank, consent: Consent, origin: string): Record<string, Link> {
  const path = `/consents/${consent.id}/authorisations`;
  const name = {
    redirect: 'startAuthorisation',
    'oauth-integrated': 'startAuthorisation',
    'oauth-pre-step': 'startAuthorisation',
    decoupled: 'startAuthorisationWithPsuIdentification',
    embedded: 'startAuthorisationWithPsuAuthentication',
  }[bank.scenario().bank.scaApproach];
  return links(origin, { [name]: path });
}

/** What an answer tells of an authorisation: its status, the next step's link, and what that step needs. */
export function authorisationAnswer(
  bank: Bank,
  consent: Consent,
  authorisation: Authorisation,
  origin: string,
): AuthorisationAnswer {
  const next = nextStep(bank, authorisation);
  if (bank.scenario().bank.switches.authorisationResource === 'consent') {
    const number = consent.authorisations.findIndex(({ id }) => id === authorisation.id) + 1;
    const self = `/consents/${consent.id}?${currentNumberParameter}=${number}`;
    const name = next.link === 'authoriseTransaction' ? next.link : 'next';
    return {
      ...withMisspeltLimits(next.more),
      _links: {
        ...addressLinks(bank, authorisation, origin),
        ...links(origin, next.link === null ? {} : { [name]: self }),
      },
    };
  }
  const self = `/consents/${consent.id}/authorisations/${authorisation.id}`;
  return {
    scaStatus: authorisation.scaStatus,
    ...next.more,
    _links: {
      ...addressLinks(bank, authorisation, origin),
      ...links(origin, { ...(next.link === null ? {} : { [next.link]: self }), scaStatus: self }),
    },
  };
}

/** Version 1.1 at UniCredit: which authorisation of the consent is meant, counted from 1. */
export const currentNumberParameter = 'authenticationCurrentNumber';

function withMisspeltLimits({ challengeData, ...more }: Step['more']): object {
  if (!challengeData) return more;
  const { otpMaxLength, otpFormat, ...rest } = challengeData;
  return { ...more, challengeData: { ...rest, optMaxLength: otpMaxLength, optFormat: otpFormat } };
}

export interface AuthorisationAnswer {
  /** Absent where the consent itself is authorised. */
  readonly scaStatus?: Authorisation['scaStatus'];
  readonly _links: Record<string, Link>;
}

/** Links that lead a browser, or to the authorization server's metadata (RFC 8414). */
function addressLinks(bank: Bank, authorisation: Authorisation, origin: string): Record<string, Link> {
  if (authorisation.scaStatus !== 'received' && authorisation.scaStatus !== 'psuIdentified') return {};
  const { scaApproach } = bank.scenario().bank;
  if (scaApproach === 'oauth-integrated') return { scaOAuth: { href: `${origin}${metadataPath}` } };
  const isRedirect = scaApproach === 'redirect' || scaApproach === 'oauth-pre-step';
  return isRedirect ? { scaRedirect: { href: `${origin}/auth/authorisations/${authorisation.id}` } } : {};
}

interface Step {
  readonly link: string | null;
  readonly more: { readonly challengeData?: ChallengeData; readonly [field: string]: unknown };
}

function nextStep(bank: Bank, authorisation: Authorisation): Step {
  const { scaApproach, switches } = bank.scenario().bank;
  const { scaStatus, methodId, login } = authorisation;
  if (scaApproach !== 'decoupled' && scaApproach !== 'embedded') {
    const isAsked = scaStatus === 'received' || scaStatus === 'psuIdentified' || scaStatus === 'unconfirmed';
    return { link: switches.confirmation === 'code' && isAsked ? 'confirmation' : null, more: {} };
  }
  const person = bank.people.find(login);
  const methods = person ? methodsOf(person, true) : [];
  const chosen = methods.find((method) => method.authenticationMethodId === methodId);
  switch (scaStatus) {
    case 'received':
      return { link: 'updatePsuIdentification', more: {} };
    case 'psuIdentified':
      return { link: 'updatePsuAuthentication', more: {} };
    case 'psuAuthenticated':
      return { link: 'selectAuthenticationMethod', more: { scaMethods: methods } };
    case 'scaMethodSelected':
      return {
        link: 'authoriseTransaction',
        more: {
          ...(chosen ? { chosenScaMethod: chosen } : {}),
          challengeData: challengeDataOf(methodId, person?.phone ?? '', authorisation.id),
        },
      };
    case 'started':
      return {
        link: null,
        more: {
          ...(chosen ? { chosenScaMethod: chosen } : {}),
          psuMessage: `Please approve in the app of ${bank.scenario().bank.name}.`,
        },
      };
    case 'unconfirmed':
    case 'finalised':
    case 'failed':
    case 'exempted':
      return { link: null, more: {} };
    default:
      return scaStatus satisfies never;
  }
}
