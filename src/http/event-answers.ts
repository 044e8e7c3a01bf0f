import { hash } from 'node:crypto';
import { execute, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { compileAnswer, type CompiledAnswer } from './compiled-answer.ts';
import { eventVariables } from './event-variables.ts';
import { withoutHttp } from './socket-errors.ts';
import type { OperationContext } from './yoga.ts';

/** The answer to one event, as the text of a `next` payload; null until it is known. */
export interface Answer {
  text: string | null;
  /** Who is called once it is known. */
  readonly waiting: { flush(): void }[];
}

/** Subscriptions that are shown the same answer to the same event. */
export interface AnswerGroup {
  readonly viewer: Viewer;
  answer(item: object): Answer;
  leave(): void;
}

/** A subscription compiled once for all who send the same document with the same values, whoever they are. */
interface Plan {
  readonly key: string;
  readonly args: ExecutionArgs;
  readonly compiled: CompiledAnswer;
  groups: number;
}

type Viewer = OperationContext['viewer'];

interface AnswerOptions {
  readonly mask: (error: unknown) => Error;
  /** What answers are executed with. */
  readonly contextOf: (viewer: Viewer, locale: string) => OperationContext;
}

/**
 * Answers an event once for all subscriptions that ask the same: the same document, the same values of the variables
 * below its root field, the same viewer with the same permissions, the same language. What asks for nothing but facts of
 * the event is compiled; else it is executed. Answers are shared among those who are given the event at the same moment
 * and then forgotten, because they show things as they are now.
 */
export function createEventAnswers(options: AnswerOptions) {
  const groups = new Map<string, Group>();
  const plans = new Map<string, Plan>();
  const documents = new WeakMap<DocumentNode, number>();
  let documentCount = 0;

  function planKeyOf({ document, operationName, variableValues }: ExecutionArgs): string {
    let number = documents.get(document);
    if (number === undefined) documents.set(document, (number = documentCount += 1));
    const values = eventVariables(document).map((name) => [name, variableValues?.[name]]);
    return JSON.stringify([number, operationName, values]);
  }

  function planOf(args: ExecutionArgs): Plan {
    const key = planKeyOf(args);
    let plan = plans.get(key);
    if (!plan) plans.set(key, (plan = { key, args, compiled: compileAnswer(args), groups: 0 }));
    return plan;
  }

  function onEmpty({ key, plan }: Group): void {
    groups.delete(key);
    plan.groups -= 1;
    if (plan.groups === 0) plans.delete(plan.key);
  }

  return {
    /** Adds a subscription to its group. `args` are those with which it was subscribed. */
    join(args: ExecutionArgs, viewer: Viewer, locale: string): AnswerGroup {
      const plan = planOf(args);
      const same = JSON.stringify([plan.key, locale, viewer], setsSorted);
      // Each of thousands of users has a group: a digest is short whatever the permissions are.
      const key = hash('sha256', same, 'base64url');
      let group = groups.get(key);
      if (!group) {
        plan.groups += 1;
        groups.set(key, (group = new Group({ key, plan, viewer, locale, options, onEmpty })));
      }
      group.members += 1;
      return group;
    },
  };
}

interface GroupParts {
  readonly key: string;
  readonly plan: Plan;
  readonly viewer: Viewer;
  readonly locale: string;
  readonly options: AnswerOptions;
  readonly onEmpty: (group: Group) => void;
}

/** A class, because each of ten thousand users who follow their own events is a group. */
class Group implements AnswerGroup {
  readonly key: string;
  readonly plan: Plan;
  readonly viewer: Viewer;
  members = 0;
  private readonly locale: string;
  private readonly options: AnswerOptions;
  private readonly onEmpty: (group: Group) => void;
  /** What was answered in this turn of the event loop. */
  private answers: Map<object, Answer> | null = null;
  /** The context that the answers of this turn share. */
  private turn: OperationContext | null = null;

  constructor({ key, plan, viewer, locale, options, onEmpty }: GroupParts) {
    this.key = key;
    this.plan = plan;
    this.viewer = viewer;
    this.locale = locale;
    this.options = options;
    this.onEmpty = onEmpty;
  }

  answer(item: object): Answer {
    const known = this.answers?.get(item);
    if (known) return known;
    const made: Answer = { text: this.plan.compiled(item), waiting: [] };
    if (made.text !== null && this.members === 1) return made;
    if (!this.answers) {
      this.answers = new Map();
      queueMicrotask(() => {
        this.answers = null;
        this.turn = null;
      });
    }
    this.answers.set(item, made);
    if (made.text === null) this.execute(item, made);
    return made;
  }

  leave(): void {
    this.members -= 1;
    if (this.members === 0) this.onEmpty(this);
  }

  private execute(item: object, made: Answer): void {
    // One context for all events of a turn, so that what they speak of is looked up together.
    this.turn ??= this.options.contextOf(this.viewer, this.locale);
    const result = execute({ ...this.plan.args, contextValue: this.turn, rootValue: item });
    if (result instanceof Promise) void this.whenKnown(made, result);
    else made.text = this.textOf(result);
  }

  private async whenKnown(made: Answer, result: Promise<ExecutionResult>): Promise<void> {
    made.text = await result.then(
      (known) => this.textOf(known),
      (error: unknown) => JSON.stringify({ errors: withoutHttp([this.options.mask(error)]) }),
    );
    for (const member of made.waiting) member.flush();
  }

  private textOf(result: ExecutionResult): string {
    return JSON.stringify(
      result.errors ? { ...result, errors: withoutHttp(result.errors.map(this.options.mask)) } : result,
    );
  }
}

/** A JSON.stringify replacer: permissions are a set. */
function setsSorted(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value].map(String).toSorted((left, right) => left.localeCompare(right)) : value;
}
