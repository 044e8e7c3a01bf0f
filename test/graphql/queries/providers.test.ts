import { beforeAll, describe, expect, test } from 'vitest';
import { loadProviders } from '../../../src/actions/load-providers.ts';
import { providerListSchema } from '../../../src/domain/provider.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { ClientId } from '../../../src/kernel/id.ts';
import { seedClient } from '../../support/fixtures.ts';
import { clientViewer, codesOf, openGraph, type Graph } from '../execute.ts';

let graph: Graph;
let clientId: ClientId;

const channels = [
  { kind: 'REDIRECT', dialect: 'berlin-group', baseUrl: 'https://api.bank.example/v1', accountTypes: ['CHECKINGS'] },
];
const bank = (slug: string, name: string, more: object = {}) => ({ slug, name, country: 'FR', channels, ...more });

beforeAll(async () => {
  graph = await openGraph();
  clientId = await seedClient(graph.database);
  const { providers } = providerListSchema.parse({
    providers: [
      bank('ca-nord', 'Crédit Agricole Nord de France', { groups: ['Crédit Agricole'], bic: 'AGRIFRPP867' }),
      bank('lcl', 'LCL', { groups: ['Crédit Agricole'], bic: 'CRLYFRPP' }),
      bank('cm', 'Crédit Mutuel', { groups: ['Crédit Mutuel Alliance Fédérale'], bic: 'CMCIFRPP' }),
      bank('koeln', 'Sparkasse KölnBonn', { country: 'DE', bic: 'COLSDE33XXX' }),
      bank('grosse', "Große Bank d'Œuvre", { country: 'DE' }),
      bank('gone', 'Crédit Disparu', { isEnabled: false }),
    ],
  });
  await loadProviders({ database: graph.database, clock: systemClock }, providers);
});

async function found(args: Record<string, unknown>): Promise<string[]> {
  const source = `query ($name: String, $bic: BIC, $country: CountryCode, $group: String) {
    providers(name: $name, bic: $bic, country: $country, group: $group) { nodes { name } }
  }`;
  const answer = await graph.ask(clientViewer(clientId, []), source, args);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  const { providers } = answer.data as { providers: { nodes: { name: string }[] } };
  return providers.nodes.map(({ name }) => name);
}

describe('a provider is found', () => {
  test.each([
    ['by the beginning of a word, without accents', { name: 'credit agri' }, ['Crédit Agricole Nord de France', 'LCL']],
    ['by a text within a word, in any case', { name: 'GRICOL' }, ['Crédit Agricole Nord de France', 'LCL']],
    ['by words in any order', { name: 'nord, crédit' }, ['Crédit Agricole Nord de France']],
    ['by its group', { name: 'alliance' }, ['Crédit Mutuel']],
    ['by an umlaut', { name: 'köln' }, ['Sparkasse KölnBonn']],
    ['by an umlaut in two letters', { name: 'KOELN' }, ['Sparkasse KölnBonn']],
    ['by a vowel without its umlaut', { name: 'koln' }, ['Sparkasse KölnBonn']],
    ['by an umlaut of two characters', { name: 'ko\u0308ln' }, ['Sparkasse KölnBonn']],
    ['by letters of two letters', { name: 'grosse oeuvre' }, ["Große Bank d'Œuvre"]],
    ['by those letters themselves', { name: 'GROßE ŒUV' }, ["Große Bank d'Œuvre"]],
    ['by the eight characters of its BIC', { bic: 'AGRIFRPP' }, ['Crédit Agricole Nord de France']],
    ['by the BIC of its branch', { bic: 'AGRIFRPP867' }, ['Crédit Agricole Nord de France']],
    ['by the BIC of any branch, where the entry has none', { bic: 'CRLYFRPP123' }, ['LCL']],
    ['by the BIC without branch, where the entry writes it out', { bic: 'COLSDE33' }, ['Sparkasse KölnBonn']],
    ['by country', { country: 'DE' }, ["Große Bank d'Œuvre", 'Sparkasse KölnBonn']],
    ['by the name of its group', { group: 'Crédit Agricole' }, ['Crédit Agricole Nord de France', 'LCL']],
    ['by all of it at once', { name: 'c', country: 'FR', group: 'Crédit Agricole', bic: 'CRLYFRPP' }, ['LCL']],
    ['by nothing that it has not', { name: 'credit agricole sud' }, []],
    ['by nothing of the next letter', { name: 'lcm' }, []],
    ['never when it is switched off', { name: 'disparu' }, []],
  ])('%s', async (_, args, names) => {
    expect((await found(args)).toSorted()).toEqual(names.toSorted());
  });
});

test.each([
  ['', 'from 1 to 100 characters'],
  ['x'.repeat(101), 'from 1 to 100 characters'],
  ['% - _', 'a letter or a digit'],
  ['a b c d e f g h i', 'at most 8 words'],
])('refuses to search for "%s"', async (name, message) => {
  const answer = await graph.ask(
    clientViewer(clientId, []),
    'query ($name: String) { providers(name: $name) { nodes { id } } }',
    {
      name,
    },
  );
  expect(codesOf(answer)).toEqual(['VALIDATION_FAILED']);
  expect(answer.errors?.[0]?.message).toContain(message);
});

test('a name that changes is found by the new one alone', async () => {
  await graph.database.sql`update providers set name = 'Banque du Nouveau Nom' where slug = 'cm'`;
  expect(await found({ name: 'nouveau' })).toEqual(['Banque du Nouveau Nom']);
  expect(await found({ name: 'mutuel' })).toEqual(['Banque du Nouveau Nom']);
  await graph.database.sql`update providers set groups = '{}' where slug = 'cm'`;
  expect(await found({ name: 'mutuel' })).toEqual([]);
  await graph.database.sql`delete from providers where slug = 'cm'`;
  expect(await graph.database.sql`select from provider_terms where term = 'nouveau'`).toHaveLength(0);
});

test('pages of a search go on where they ended, in one statement each', async () => {
  const source = `query ($after: Cursor) { providers(name: "e", first: 1, after: $after) {
    nodes { __typename name groups } pageInfo { endCursor hasNextPage } } }`;
  const names: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    graph.statements.length = 0;
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const answer = await graph.ask(clientViewer(clientId, []), source, { after });
    expect(graph.statements).toHaveLength(1);
    const { providers } = answer.data as {
      providers: { nodes: { name: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    };
    names.push(...providers.nodes.map(({ name }) => name));
    after = providers.pageInfo.endCursor;
    if (!providers.pageInfo.hasNextPage) break;
  }
  expect(names.toSorted()).toEqual((await found({ name: 'e' })).toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test('a search among thousands reads the index of terms, not the list', async () => {
  await graph.database.sql`
    insert into providers (id, slug, name, country, created_at, updated_at)
    select 'prv_' || n, 'many-' || n, 'Volksbank ' || n, 'DE', now(), now() from generate_series(1, 3000) n`;
  await graph.database.sql`analyze providers`;
  await graph.database.sql`analyze provider_terms`;
  graph.statements.length = 0;
  expect(await found({ name: 'koelnb' })).toEqual(['Sparkasse KölnBonn']);
  const [statement] = graph.statements;
  const parameters = ['koelnb', 'koelnb'];
  expect(statement).toContain('search_fold');
  const plan = await graph.database.sql`explain (format json) select from providers p where exists (
    select from provider_terms t where t.provider_id = p.id
    and t.term >= search_fold(${parameters[0]!}) and t.term < search_fold(${parameters[1]!}) || chr(1114111))`;
  expect(JSON.stringify(plan)).toContain('provider_terms_pkey');
  expect(JSON.stringify(plan)).not.toContain('"Seq Scan"');
});
