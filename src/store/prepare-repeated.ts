import type postgres from 'postgres';

/** Longer texts are batches of rows, of which each is another text. */
const textLengthMax = 10_000;
/** Bounds what a connection of PostgreSQL holds, whatever callers ask; beyond it statements run as they come. */
const preparedTextsMax = 1000;
const seenTextsMax = 1000;

/**
 * postgres.js for the query builder, which sends every statement unprepared: PostgreSQL then parses and plans it each
 * time, after one more round trip for the types of its parameters. Here a text that comes again is prepared under a
 * name on its connection.
 */
export function prepareRepeated(sql: postgres.Sql): postgres.Sql {
  return preparing(sql, repetitions());
}

function preparing<Client extends postgres.Sql | postgres.TransactionSql>(
  client: Client,
  isRepeated: (text: string) => boolean,
): Client {
  return new Proxy(client, {
    get(target, key): unknown {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      if (key === 'unsafe') {
        return (text: string, parameters: readonly unknown[] = []): unknown =>
          // Without parameters it may be several statements, which cannot be prepared.
          Reflect.apply(method, target, [text, parameters, { prepare: parameters.length > 0 && isRepeated(text) }]);
      }
      if (key === 'begin' || key === 'savepoint') {
        return (work: (inner: postgres.TransactionSql) => unknown): unknown =>
          Reflect.apply(method, target, [(inner: postgres.TransactionSql) => work(preparing(inner, isRepeated))]);
      }
      return method;
    },
  });
}

/** Whether a text has come before: often enough to be worth a name. */
function repetitions(): (text: string) => boolean {
  const prepared = new Set<string>();
  const seen = new Set<string>();
  return (text) => {
    if (prepared.has(text)) return true;
    if (text.length > textLengthMax || prepared.size >= preparedTextsMax) return false;
    if (seen.has(text)) {
      seen.delete(text);
      prepared.add(text);
      return true;
    }
    if (seen.size >= seenTextsMax) seen.clear();
    seen.add(text);
    return false;
  };
}
