import type { Database } from '../../src/store/database.ts';

/** A database that is gone from the given commit on: just before it, or just after it was made. */
export function dyingAt(database: Database, commits: number, when: 'before' | 'after'): Database {
  let seen = 0;
  const gone = () => {
    throw new Error('The worker was killed.');
  };
  const db = new Proxy(database.db, {
    get(target, name, receiver) {
      if (seen >= commits) return gone;
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== 'transaction') return value;
      return async (work: Parameters<typeof target.transaction>[0]) => {
        seen += 1;
        if (seen < commits) return target.transaction(work);
        if (when === 'after') await target.transaction(work);
        return gone();
      };
    },
  });
  return { ...database, db };
}
