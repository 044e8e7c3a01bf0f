import { foldText } from '../kernel/fold-text.ts';
import type { CategoryRuleId } from '../kernel/id.ts';
import type { CategoryDecision } from './change-set.ts';
import type { DecisionSource } from './transaction.ts';

/** The way the money goes: OUT is a debit. */
export const directions = ['IN', 'OUT'] as const;
export type Direction = (typeof directions)[number];

/** Bounds of a rule's text, in code points. */
export const ruleTextCharacters = { min: 2, max: 100 } as const;

/** A rule of a user, or of a client for all of its users. */
export interface CategoryRule {
  readonly id: CategoryRuleId;
  /** Null for a rule of the client. */
  readonly userId: string | null;
  readonly text: string;
  /** Null for both. */
  readonly direction: Direction | null;
  readonly categoryKey: string;
  readonly createdAt: Date;
}

/** What a rule looks at. */
export interface RuleFacts {
  /** A debit is negative. */
  readonly amount: string;
  readonly counterpartyName: string | null;
  /** What the bank's text makes of a label, never a label that a person wrote: a rule must not follow from a word of his. */
  readonly label: string | null;
  readonly bankText: string;
}

/** A stored transaction as rules look at it. */
export function factsOfRow(row: {
  readonly amount: string;
  readonly counterpartyName: string | null;
  readonly label: string;
  readonly labelSource: DecisionSource;
  readonly providerLabel: string | null;
  readonly bankText: string;
}): RuleFacts {
  const { amount, counterpartyName, bankText } = row;
  return {
    amount,
    counterpartyName,
    label: row.labelSource === 'PROVIDER' ? row.label : row.providerLabel,
    bankText,
  };
}

/** The category by the strongest rule that fits, or null when none does. */
export type DecideByRule = (facts: RuleFacts) => CategoryDecision | null;

/**
 * The words of a text as rules compare them: capitals without accents, with one space between them and none around.
 * Empty when there is no letter and no digit.
 */
export function phraseOf(text: string): string {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ');
}

/**
 * Makes one function of all the rules that hold for a user. A rule fits when its words stand side by side, whole, in the
 * counterparty's name, the label or the bank's text, and the direction is its own. Of those that fit, a rule of the
 * user comes before one of the client, then the longest text wins, then the oldest rule.
 */
export function compileRules(rules: readonly CategoryRule[]): DecideByRule {
  const ranked = rules
    .map((rule) => ({ rule, phrase: phraseOf(rule.text) }))
    .filter(({ phrase }) => phrase !== '')
    .toSorted(byStrength);
  // A phrase can only stand where its first word does, so that most rules are never looked at.
  const byFirstWord = new Map<string, Candidate[]>();
  for (const [rank, { rule, phrase }] of ranked.entries()) {
    const candidate = { rank, rule, wanted: ` ${phrase} ` };
    const [firstWord = ''] = phrase.split(' ', 1);
    const same = byFirstWord.get(firstWord);
    if (same) same.push(candidate);
    else byFirstWord.set(firstWord, [candidate]);
  }
  if (byFirstWord.size === 0) return () => null;
  return ({ amount, counterpartyName, label, bankText }) => {
    const direction: Direction = amount.startsWith('-') ? 'OUT' : 'IN';
    let best: Candidate | null = null;
    for (const text of [counterpartyName, label, bankText]) {
      if (text) best = strongestIn(phraseOf(text), direction, byFirstWord, best);
    }
    return best && { key: best.rule.categoryKey, source: best.rule.userId === null ? 'CLIENT_RULE' : 'USER_RULE' };
  };
}

interface Candidate {
  /** 0 is the strongest rule. */
  readonly rank: number;
  readonly rule: CategoryRule;
  readonly wanted: string;
}

interface Ranked {
  readonly rule: CategoryRule;
  readonly phrase: string;
}

function byStrength(left: Ranked, right: Ranked): number {
  return (
    Number(left.rule.userId === null) - Number(right.rule.userId === null) ||
    right.phrase.length - left.phrase.length ||
    left.rule.createdAt.getTime() - right.rule.createdAt.getTime() ||
    (left.rule.id < right.rule.id ? -1 : 1)
  );
}

function strongestIn(
  phrase: string,
  direction: Direction,
  byFirstWord: ReadonlyMap<string, readonly Candidate[]>,
  former: Candidate | null,
): Candidate | null {
  const text = ` ${phrase} `;
  let best = former;
  for (const word of phrase.split(' ')) {
    for (const candidate of byFirstWord.get(word) ?? []) {
      if (best && best.rank <= candidate.rank) break;
      const isOfDirection = candidate.rule.direction === null || candidate.rule.direction === direction;
      if (isOfDirection && text.includes(candidate.wanted)) best = candidate;
    }
  }
  return best;
}

/** The category of a stored transaction: who decided it, and the model's word that is kept behind a stronger one. */
export interface StoredDecision {
  readonly categoryKey: string;
  readonly categorySource: DecisionSource | null;
  readonly modelCategoryKey: string | null;
}

/** True for a decision of a rule, of whomever. */
function isOfRule(source: DecisionSource | null): boolean {
  return source === 'USER_RULE' || source === 'CLIENT_RULE';
}

/** What the model said, in force or behind the word of somebody stronger; null when it had nothing to say. */
export function modelWordOf({ categoryKey, categorySource, modelCategoryKey }: StoredDecision): string | null {
  if (categorySource === null) return null;
  return categorySource === 'USER' || isOfRule(categorySource) ? modelCategoryKey : categoryKey;
}

/** What a stored transaction is without the word of a person: what a rule says, else what the model said. */
export function decideWithoutPerson(byRule: CategoryDecision | null, row: StoredDecision): StoredDecision {
  const { categoryKey, categorySource, modelCategoryKey } = row;
  const model = modelWordOf(row);
  if (byRule) return { categoryKey: byRule.key, categorySource: byRule.source, modelCategoryKey: model };
  if (categorySource !== 'USER' && !isOfRule(categorySource)) return { categoryKey, categorySource, modelCategoryKey };
  return model === null
    ? { categoryKey: 'UNCATEGORISED', categorySource: null, modelCategoryKey: null }
    : { categoryKey: model, categorySource: 'MODEL', modelCategoryKey: null };
}
