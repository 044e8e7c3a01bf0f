import { NoSchemaIntrospectionCustomRule, type ExecutionArgs, type GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { NoNullCharacterRule, nullCharacterIn } from '../graphql/limits/characters.ts';
import { costOf } from '../graphql/limits/cost.ts';
import { parseWithin, structureLimits, tooComplex, type StructureLimits } from '../graphql/limits/structure.ts';

/** How much one operation may ask for. */
export interface QueryLimits extends StructureLimits {
  /** Objects in the answer at most, by the sizes of the pages asked for. */
  readonly costMax: number;
}

export const queryLimits: QueryLimits = { ...structureLimits, costMax: 100_000 };

type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

/** What an operation costs with these variables, and why it is not run; null when it may be. */
export function judge(
  { costMax }: QueryLimits,
  { schema, document, operationName, variableValues }: Operation,
): { readonly cost: number; readonly refusal: GraphQLError | null } {
  const cost = costOf(schema, document, operationName, variableValues);
  const refusal = cost > costMax ? tooComplex('objects', cost, costMax) : nullCharacterIn(variableValues);
  return { cost, refusal };
}

/**
 * Keeps operations within the limits, over every transport alike; subscriptions of sockets, which Yoga does not run, are
 * judged where they begin. What does not depend on variables is judged once for each document and kept beside it; for a
 * document that comes again only a few multiplications remain.
 */
export function limitQueries(limits: QueryLimits, isIntrospectable: boolean): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string) => parseWithin(limits, source));
    },
    onValidate({ addValidationRule }) {
      addValidationRule(NoNullCharacterRule);
      if (!isIntrospectable) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { cost, refusal } = judge(limits, args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
      if (refusal || !isCostAsked(args.contextValue)) return undefined;
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result) return;
          setResult({
            ...result,
            extensions: { ...result.extensions, cost: { objects: cost, limit: limits.costMax } },
          });
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { refusal } = judge(limits, args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

function isCostAsked(context: unknown): boolean {
  return typeof context === 'object' && context !== null && 'isCostAsked' in context && context.isCostAsked === true;
}
