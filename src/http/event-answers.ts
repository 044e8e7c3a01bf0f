import { execute as executeOperation, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { compileAnswer, type CompiledAnswer } from './compiled-answer.ts';
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

/** A subscription compiled once for all who send the same document with the same values, whoever they are. */
interface Plan {
  readonly key: string;
  readonly compiled: CompiledAnswer;
  groups: number;
}

interface Shared {
  readonly key: string;
  readonly plan: Plan;
  readonly args: ExecutionArgs;
  readonly context: OperationContext;
  members: number;
  /** What was answered in this turn of the event loop, and the context that these answers share. */
  readonly answers: Map<object, Answer>;
  turn: OperationContext | null;
}

/**
 * Answers an event once for all subscriptions that ask the same: the same document, the same values of the variables
 * below its root field, the same viewer with the same permissions, the same language. What asks for nothing but facts of
 * the event is compiled; else it is executed. Answers are shared among those who are given the event at the same moment
 * and then forgotten, because they show things as they are now.
 */
export function createEventAnswers({ mask }: EventAnswersOptions) {
  const groups = new Map<string, Shared>();
  const plans = new Map<string, Plan>();
  const documents = new WeakMap<DocumentNode, number>();
  let documentCount = 0;

  function planKeyOf({ document, operationName, variableValues }: ExecutionArgs): string {
    let number = documents.get(document);
    if (number === undefined) documents.set(document, (number = documentCount += 1));
    const values = eventVariables(document).map((name) => [name, variableValues?.[name]]);
    return JSON.stringify([number, operationName, values]);
  }

  function planOf(args: ExecutionArgs, key: string): Plan {
    let plan = plans.get(key);
    if (!plan) plans.set(key, (plan = { key, compiled: compileAnswer(args), groups: 0 }));
    return plan;
  }

  function groupOf(args: ExecutionArgs, context: OperationContext): Shared {
    const planKey = planKeyOf(args);
    const key = planKey + JSON.stringify([context.locale, context.viewer], setsSorted);
    let group = groups.get(key);
    if (!group) {
      const plan = planOf(args, planKey);
      plan.groups += 1;
      groups.set(key, (group = { key, plan, args, context, members: 0, answers: new Map(), turn: null }));
    }
    return group;
  }

  function leave(group: Shared): void {
    group.members -= 1;
    if (group.members > 0) return;
    groups.delete(group.key);
    group.plan.groups -= 1;
    if (group.plan.groups === 0) plans.delete(group.plan.key);
  }

  function answer(group: Shared, item: object): Answer {
    const known = group.answers.get(item);
    if (known) return known;
    const text = group.plan.compiled(item);
    if (text !== null && group.members === 1) return { text, waiting: [] };
    const made: Answer = { text, waiting: [] };
    group.answers.set(item, made);
    const turn = turnOf(group);
    if (text === null) execute(group, turn, item, made);
    return made;
  }

  /** One context for all events of a turn, so that what they speak of is looked up together. */
  function turnOf(group: Shared): OperationContext {
    if (group.turn) return group.turn;
    group.turn = { ...group.context, psu: null, ipAddress: null, expiresAt: null };
    queueMicrotask(() => {
      group.answers.clear();
      group.turn = null;
    });
    return group.turn;
  }

  function execute({ args }: Shared, contextValue: OperationContext, item: object, made: Answer): void {
    const result = executeOperation({ ...args, contextValue, rootValue: item });
    if (result instanceof Promise) void whenKnown(made, result);
    else made.text = textOf(result);
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
      const group = groupOf(args, context);
      group.members += 1;
      return { answer: (item) => answer(group, item), leave: () => leave(group) };
    },
  };
}

/** A JSON.stringify replacer: permissions are a set. */
function setsSorted(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value].map(String).toSorted((left, right) => left.localeCompare(right)) : value;
}
