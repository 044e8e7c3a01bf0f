import { sql, type SQL } from 'drizzle-orm';
import { providerTerms, type providers } from '../../store/schema/providers.ts';

/** The filter of the providers that have this text within a word of their names; a range, so that the index is used. */
export function namedBy(word: string): { RAW: (provider: typeof providers) => SQL } {
  return {
    RAW: (provider) => sql`exists (select from ${providerTerms} where ${providerTerms.providerId} = ${provider.id}
      and ${providerTerms.term} >= search_fold(${word}) and ${providerTerms.term} < search_fold(${word}) || chr(1114111))`,
  };
}
