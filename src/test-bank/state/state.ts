import type { z } from 'zod';

/** A named set of records. What is put in must not be changed afterwards: put a new record instead. */
export interface Collection<Record> {
  get(id: string): Record | null;
  put(id: string, record: Record): void;
  delete(id: string): void;
  entries(): IterableIterator<[string, Record]>;
}

/**
 * What the bank remembers between calls: consents, counters, its clock. Kept in memory, and in a file where one is
 * named. Each part of the bank opens its own collection and names its form, so that an older or damaged file is found
 * at once and not while serving.
 */
export interface BankState {
  /** Opens a collection by its name. Each has one owner: opening it twice is a mistake and throws. */
  collection<Record>(name: string, schema: z.ZodType<Record>): Collection<Record>;
  /** Resolves when everything changed so far is safe. */
  saved(): Promise<void>;
  /** Forgets everything. */
  clear(): void;
}

function unreadable(name: string, id: string): string {
  return `The test bank cannot read its state: ${name}.${id} has not the form of this version. Remove the state file to start with an empty bank.`;
}

type Records = Map<string, unknown>;

/** A state in memory. `changed` is told of every change; `initial` is what an earlier run left. */
export function memoryState(
  initial: ReadonlyMap<string, Records> = new Map(),
  changed: (all: ReadonlyMap<string, Records>) => void = () => {},
  saved: () => Promise<void> = () => Promise.resolve(),
): BankState {
  const all = new Map(initial);
  const opened = new Set<string>();
  return {
    collection(name, schema) {
      if (opened.has(name)) throw new Error(`The collection ${name} is already open.`);
      opened.add(name);
      const records = new Map<string, z.output<typeof schema>>();
      for (const [id, record] of all.get(name) ?? []) {
        const parsed = schema.safeParse(record);
        if (!parsed.success) throw new Error(unreadable(name, id));
        records.set(id, parsed.data);
      }
      all.set(name, records);
      return {
        get: (id) => records.get(id) ?? null,
        put(id, record) {
          records.set(id, record);
          changed(all);
        },
        delete(id) {
          if (records.delete(id)) changed(all);
        },
        entries: () => records.entries(),
      };
    },
    saved,
    clear() {
      for (const records of all.values()) records.clear();
      changed(all);
    },
  };
}
