import { execute, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { eventVariables } from './event-variables.ts';
import type { OperationContext } from './yoga.ts';

/** The answer to one event, as the text of a `next` payload; null until it is known. */
export interface Answer {
  text: string | null;
  /** Who is called once it is known. */
  readonly waiting: { flush(): void }[];
}

/** Subscriptions that are shown the same answer to the same event. */
export interface AnswerGroup {
  answer(item: object): Answer;
  leave(): void;
}

interface EventAnswersOptions {
  readonly mask: (error: unknown) => Error;
}

interface Shared {
  readonly key: string;
  readonly args: ExecutionArgs;
  readonly context: OperationContext;
  members: number;
  /** What was answered in this turn of the event loop, and the context that these answers share. */
  readonly answers: Map<object, Answer>;
  turn: OperationContext | null;
}

/**
 * Executes and serialises an event once for all subscriptions that ask the same: the same document, the same values of
 * the variables below its root field, the same viewer with the same permissions, the same language. Answers are shared
 * among those who are given the event at the same moment and then forgotten, because they show things as they are now.
 */
export function createEventAnswers({ mask }: EventAnswersOptions) {
  const groups = new Map<string, Shared>();
  const documents = new WeakMap<DocumentNode, number>();
  let documentCount = 0;

  function keyOf({ document, operationName, variableValues }: ExecutionArgs, context: OperationContext): string {
    let number = documents.get(document);
    if (number === undefined) documents.set(document, (number = documentCount += 1));
    const values = eventVariables(document).map((name) => [name, variableValues?.[name]]);
    return JSON.stringify([number, operationName, values, context.locale, context.viewer], setsSorted);
  }

  function answer(group: Shared, item: object): Answer {
    const known = group.answers.get(item);
    if (known) return known;
    const made: Answer = { text: null, waiting: [] };
    group.answers.set(item, made);
    if (!group.turn) {
      // One context for all events of a turn, so that what they speak of is looked up together.
      group.turn = { ...group.context, psu: null, ipAddress: null, expiresAt: null };
      queueMicrotask(() => {
        group.answers.clear();
        group.turn = null;
      });
    }
    const result = execute({ ...group.args, contextValue: group.turn, rootValue: item });
    if (result instanceof Promise) void whenKnown(made, result);
    else made.text = textOf(result);
    return made;
  }

  async function whenKnown(made: Answer, result: Promise<ExecutionResult>): Promise<void> {
    made.text = await result.then(textOf, (error: unknown) => JSON.stringify({ errors: [mask(error)] }));
    for (const member of made.waiting) member.flush();
  }

  function textOf(result: ExecutionResult): string {
    return JSON.stringify(result.errors ? { ...result, errors: result.errors.map(mask) } : result);
  }

  return {
    /** Adds a subscription to its group. `args` are those with which it was subscribed. */
    join(args: ExecutionArgs, context: OperationContext): AnswerGroup {
      const key = keyOf(args, context);
      const group = groups.get(key) ?? { key, args, context, members: 0, answers: new Map(), turn: null };
      groups.set(key, group);
      group.members += 1;
      return {
        answer: (item) => answer(group, item),
        leave() {
          group.members -= 1;
          if (group.members === 0) groups.delete(key);
        },
      };
    },
  };
}

/** A JSON.stringify replacer: permissions are a set. */
function setsSorted(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value].map(String).toSorted((left, right) => left.localeCompare(right)) : value;
}
