import { NoSchemaIntrospectionCustomRule, type ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { costOf } from '../graphql/limits/cost.ts';
import { parseWithin, structureLimits, tooComplex, type StructureLimits } from '../graphql/limits/structure.ts';

/** How much one operation may ask for. */
export interface QueryLimits extends StructureLimits {
  /** Objects in the answer at most, by the sizes of the pages asked for. */
  readonly costMax: number;
}

export const queryLimits: QueryLimits = { ...structureLimits, costMax: 100_000 };

/**
 * Keeps operations within the limits, over every transport alike. What does not depend on variables is judged once for
 * each document and kept beside it; for a document that comes again only a few multiplications remain.
 */
export function limitQueries(limits: QueryLimits, isIntrospectable: boolean): Plugin {
  function judge({ schema, document, operationName, variableValues }: ExecutionArgs) {
    const cost = costOf(schema, document, operationName, variableValues);
    return { cost, refusal: cost > limits.costMax ? tooComplex('objects', cost, limits.costMax) : null };
  }
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string) => parseWithin(limits, source));
    },
    onValidate({ addValidationRule }) {
      if (!isIntrospectable) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { cost, refusal } = judge(args);
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
      const { refusal } = judge(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

function isCostAsked(context: unknown): boolean {
  return typeof context === 'object' && context !== null && 'isCostAsked' in context && context.isCostAsked === true;
}
