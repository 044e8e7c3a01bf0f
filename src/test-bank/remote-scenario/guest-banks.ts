import { createHash } from 'node:crypto';
import { addDays } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import { parseScenario, type ScenarioProblem } from '../scenario/parse-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { ScenarioHosts } from './address-rules.ts';
import { fetchText, type FetchProblem } from './fetch-text.ts';
import { movementsUpTo } from './weight.ts';

/** A bank over a scenario that a person named, with the clock of the house. */
export interface GuestBank {
  readonly id: string;
  readonly bank: Bank;
}

export type GuestAnswer =
  | { readonly guest: GuestBank; readonly problem: null }
  | { readonly guest: null; readonly problem: FetchProblem | 'too-busy' | 'too-many-movements' }
  | { readonly guest: null; readonly problem: 'file-invalid'; readonly places: readonly ScenarioProblem[] };

export interface GuestBanks {
  /** Fetches and checks the file. The same text from the same address leads to the same bank, while that is kept. */
  open(address: string): Promise<GuestAnswer>;
  /** A bank that was opened and is still kept, or null. */
  find(id: string): Bank | null;
  /** The kept banks, the last used first. */
  all(): readonly GuestBank[];
}

const guestsMax = 20;
const movementsMax = 50_000;
const fetchesAtOnceMax = 8;
/** The clock may move on while the bank is kept. */
const daysAhead = 400;

/** Memory stays bounded: so many banks, each of so many movements; the one longest unused goes first. */
export function guestBanks(house: Bank, hosts: ScenarioHosts, open: (scenario: Scenario) => Bank): GuestBanks {
  const kept = new Map<string, Bank>();
  let fetching = 0;
  function keep(id: string, bank: Bank): void {
    kept.delete(id);
    kept.set(id, bank);
    for (const oldest of kept.keys()) {
      if (kept.size <= guestsMax) break;
      kept.delete(oldest);
    }
  }
  async function fetchOnce(address: string) {
    fetching += 1;
    try {
      return await fetchText(address, hosts);
    } finally {
      fetching -= 1;
    }
  }
  house.onReset(() => kept.clear());
  return {
    async open(address) {
      if (fetching >= fetchesAtOnceMax) return { guest: null, problem: 'too-busy' };
      const fetched = await fetchOnce(address);
      if (fetched.text === null) return { guest: null, problem: fetched.problem };
      const id = createHash('sha256').update(`${address}\n${fetched.text}`).digest('base64url').slice(0, 22);
      const known = kept.get(id);
      if (known) {
        keep(id, known);
        return { guest: { id, bank: known }, problem: null };
      }
      const { scenario, problems } = parseScenario(fetched.text);
      if (!scenario) return { guest: null, problem: 'file-invalid', places: problems };
      if (movementsUpTo(scenario, addDays(house.ledger().day, daysAhead)) > movementsMax) {
        return { guest: null, problem: 'too-many-movements' };
      }
      const bank = open(scenario);
      keep(id, bank);
      return { guest: { id, bank }, problem: null };
    },
    find(id) {
      const bank = kept.get(id);
      if (bank) keep(id, bank);
      return bank ?? null;
    },
    all: () => [...kept].toReversed().map(([id, bank]) => ({ id, bank })),
  };
}
