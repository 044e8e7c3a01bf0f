import { dateIn } from '../../kernel/calendar-date.ts';
import type { Clock } from '../../kernel/clock.ts';
import { drawUuid } from '../ledger/random.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { BankState } from '../state/state.ts';
import { consentSchema, noGrant, type Consent } from './consent.ts';

export interface ConsentBook {
  /** Records a new consent with the status received, and its first authorisation when the bank starts it itself. */
  add(request: ConsentRequest): Consent;
  /** The consent as it stands now: time may have ended it since it was written. */
  find(id: string): Consent | null;
  /** The consent to which an authorisation belongs. */
  findByAuthorisation(authorisationId: string): Consent | null;
  save(consent: Consent): Consent;
  /** Adds an authorisation; `login` is who is asked, where the third party named him. */
  startAuthorisation(consent: Consent, login?: string | null): Consent;
  /** Notes who is asked in an authorisation. */
  identify(consent: Consent, authorisationId: string, login: string): Consent;
  all(): Consent[];
}

export type ConsentRequest = Pick<
  Consent,
  'model' | 'access' | 'recurring' | 'frequencyPerDay' | 'validUntil' | 'redirectUri' | 'nokRedirectUri'
> & {
  readonly startsAuthorisation: boolean;
  /** Who is asked, where the third party named him. */
  readonly psuLogin?: string | null;
};

const consentsKeptMax = 5000;

export function consentBook(state: BankState, clock: Clock, scenario: () => Scenario): ConsentBook {
  const consents = state.collection('consents', consentSchema);
  const today = () => dateIn(scenario().bank.timeZone, clock.now());
  function save(consent: Consent): Consent {
    const saved = { ...consent, lastActionOn: today() };
    consents.put(saved.id, saved);
    return saved;
  }
  /** Drawn, not random: the same calls at the same time give the same ids on any machine. */
  function newConsentId(): string {
    for (let attempt = 0; ; attempt += 1) {
      const id = drawUuid(`${scenario().seed}|consent|${clock.now().getTime()}|${attempt}`);
      if (consents.get(id) === null) return id;
    }
  }
  function makeRoom(): void {
    const kept = [...consents.entries()];
    const surplus = kept.length + 1 - consentsKeptMax;
    if (surplus <= 0) return;
    const endedFirst = kept.toSorted(
      ([, left], [, right]) => Number(left.status === 'valid') - Number(right.status === 'valid'),
    );
    for (const [id] of endedFirst.slice(0, surplus)) consents.delete(id);
  }
  function startAuthorisation(consent: Consent, login: string | null = null): Consent {
    const authorisation = {
      id: drawUuid(`${consent.id}|authorisation|${consent.authorisations.length}`),
      startedAt: clock.now().getTime(),
      scaStatus: login === null ? ('received' as const) : ('psuIdentified' as const),
      login,
      challengeId: null,
      methodId: null,
    };
    return save({ ...consent, authorisations: [...consent.authorisations, authorisation] });
  }
  function isRevoked({ login, authorisedAt }: Consent, now: number): boolean {
    return scenario().revocations.some((revocation) => {
      const at = Date.parse(revocation.at);
      const isMeant = revocation.login === undefined || revocation.login === login;
      return isMeant && (authorisedAt ?? at) < at && at <= now;
    });
  }
  function asOfNow(consent: Consent): Consent {
    const now = clock.now().getTime();
    const { unconfirmedConsentSeconds } = scenario().bank.switches;
    if (consent.status === 'received' && now >= consent.createdAt + unconfirmedConsentSeconds * 1000)
      return { ...consent, status: 'expired' };
    if (consent.status === 'valid' && isRevoked(consent, now)) return { ...consent, status: 'revokedByPsu' };
    if (consent.status === 'valid' && today() > consent.validUntil) return { ...consent, status: 'expired' };
    return consent;
  }
  return {
    add({ startsAuthorisation, psuLogin = null, ...request }) {
      makeRoom();
      const consent: Consent = {
        ...request,
        id: newConsentId(),
        status: 'received',
        createdAt: clock.now().getTime(),
        authorisedAt: null,
        lastActionOn: today(),
        isReturnToOauth: false,
        login: null,
        personId: null,
        grant: noGrant,
        authorisations: [],
        unattendedCalls: {},
        deltas: {},
      };
      return startsAuthorisation ? startAuthorisation(consent, psuLogin) : save(consent);
    },
    find(id) {
      const consent = consents.get(id);
      return consent ? asOfNow(consent) : null;
    },
    findByAuthorisation(authorisationId) {
      for (const [, consent] of consents.entries()) {
        if (consent.authorisations.some((authorisation) => authorisation.id === authorisationId))
          return asOfNow(consent);
      }
      return null;
    },
    save,
    startAuthorisation,
    identify: (consent, authorisationId, login) =>
      save({
        ...consent,
        authorisations: consent.authorisations.map((authorisation) =>
          authorisation.id === authorisationId && authorisation.scaStatus === 'received'
            ? { ...authorisation, login, scaStatus: 'psuIdentified' }
            : authorisation,
        ),
      }),
    all: () => [...consents.entries()].map(([, consent]) => asOfNow(consent)),
  };
}
