import { dateIn } from '../../kernel/calendar-date.ts';
import { millisecondsPerDay, type Clock } from '../../kernel/clock.ts';
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
  startAuthorisation(consent: Consent): Consent;
  /** Ends every older recurring consent of the same person, as a bank does when a new one is authorised. */
  all(): Consent[];
}

export type ConsentRequest = Pick<
  Consent,
  'model' | 'access' | 'recurring' | 'frequencyPerDay' | 'validUntil' | 'redirectUri' | 'nokRedirectUri'
> & { readonly startsAuthorisation: boolean };

const consentsKeptMax = 5000;
const unconfirmedMilliseconds = millisecondsPerDay;

export function consentBook(state: BankState, clock: Clock, scenario: () => Scenario): ConsentBook {
  const consents = state.collection('consents', consentSchema);
  const today = () => dateIn(scenario().bank.timeZone, clock.now());
  let counter = 0;
  function save(consent: Consent): Consent {
    const saved = { ...consent, lastActionOn: today() };
    consents.put(saved.id, saved);
    return saved;
  }
  function draw(kind: string): string {
    counter += 1;
    return drawUuid(`${scenario().seed}|${kind}|${clock.now().getTime()}|${counter}`);
  }
  function startAuthorisation(consent: Consent): Consent {
    const authorisation = {
      id: draw('authorisation'),
      startedAt: clock.now().getTime(),
      scaStatus: 'received' as const,
    };
    return save({ ...consent, authorisations: [...consent.authorisations.slice(-9), authorisation] });
  }
  function asOfNow(consent: Consent): Consent {
    const now = clock.now().getTime();
    if (consent.status === 'received' && now >= consent.createdAt + unconfirmedMilliseconds)
      return { ...consent, status: 'expired' };
    if (consent.status === 'valid' && today() > consent.validUntil) return { ...consent, status: 'expired' };
    return consent;
  }
  return {
    add({ startsAuthorisation, ...request }) {
      const oldest = [...consents.entries()].slice(0, Math.max(0, [...consents.entries()].length - consentsKeptMax));
      for (const [id] of oldest) consents.delete(id);
      const consent: Consent = {
        ...request,
        id: draw('consent'),
        status: 'received',
        createdAt: clock.now().getTime(),
        authorisedAt: null,
        lastActionOn: today(),
        login: null,
        personId: null,
        grant: noGrant,
        authorisations: [],
        unattendedCalls: {},
      };
      return startsAuthorisation ? startAuthorisation(consent) : save(consent);
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
    all: () => [...consents.entries()].map(([, consent]) => asOfNow(consent)),
  };
}
