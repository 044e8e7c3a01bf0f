import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileRules,
  decideWithoutPerson,
  phraseOf,
  type CategoryRule,
  type RuleFacts,
} from '../../src/domain/category-rule.ts';
import { decisionSources } from '../../src/domain/transaction.ts';
import { newId } from '../../src/kernel/id.ts';

const at = new Date('2026-03-02T09:00:00.000Z');
const userId = newId('user', at);

function rule(text: string, given: Partial<CategoryRule> = {}): CategoryRule {
  return {
    id: newId('categoryRule', at),
    userId,
    text,
    direction: null,
    categoryKey: text.toUpperCase(),
    createdAt: at,
    ...given,
  };
}

function facts(bankText: string, given: Partial<RuleFacts> = {}): RuleFacts {
  return { amount: '-1.00', counterpartyName: null, label: null, bankText, ...given };
}

describe('a rule fits', () => {
  it.each([
    ['café', 'CARTE 12/03 CAFE DE LA GARE'],
    ['CAFE DE', 'le Café-de la gare'],
    ['l’été', "A L'ETE 2"],
    ['12/03', 'CARTE 12.03 X'],
    ['Straße', 'STRASSE 1'],
    ['ИП Иванов', 'ип иванов'],
  ])('%s in %s', (text, bankText) => {
    expect(compileRules([rule(text)])(facts(bankText))).toMatchObject({ source: 'USER_RULE' });
  });

  it.each([
    ['uber', 'TUBERCULE'],
    ['cafe gare', 'CAFE DE LA GARE'],
    ['gare cafe', 'CAFE GARE'],
    ['a.*', 'ABC'],
    ['(', '('],
  ])('not: %s in %s', (text, bankText) => {
    expect(compileRules([rule(text)])(facts(bankText))).toBeNull();
  });

  it.each(['counterpartyName', 'label', 'bankText'] as const)('in the %s', (field) => {
    expect(compileRules([rule('kiosk')])(facts('', { [field]: 'Le Kiosk' }))).not.toBeNull();
  });

  it('never over the border of two fields', () => {
    expect(compileRules([rule('le kiosk')])(facts('kiosk', { label: 'le' }))).toBeNull();
  });

  it('only in its direction', () => {
    const decide = compileRules([rule('shop', { direction: 'IN' })]);
    expect(decide(facts('SHOP'))).toBeNull();
    expect(decide(facts('SHOP', { amount: '1.00' }))).not.toBeNull();
  });
});

describe('of several that fit', () => {
  const older = { createdAt: new Date(at.getTime() - 1) };

  it('one of the user wins over a longer one of the client', () => {
    const decide = compileRules([rule('big shop paris', { userId: null }), rule('shop')]);
    expect(decide(facts('BIG SHOP PARIS'))).toEqual({ key: 'SHOP', source: 'USER_RULE' });
  });

  it('the longest text wins, wherever it stands', () => {
    const decide = compileRules([rule('shop', older), rule('paris est')]);
    expect(decide(facts('SHOP PARIS EST'))?.key).toBe('PARIS EST');
  });

  it('of two as long the oldest wins', () => {
    const decide = compileRules([rule('shop'), rule('kino', older)]);
    expect(decide(facts('SHOP KINO'))?.key).toBe('KINO');
  });

  it('the strongest is found as by looking at each, in whatever order they are given', () => {
    const word = fc.constantFrom('a', 'é', 'bb', 'b', 'c1', 'A');
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    const anyRule = fc
      .record({
        text: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('-')),
        userId: fc.constantFrom(null, userId),
        direction: fc.constantFrom(null, 'IN' as const, 'OUT' as const),
        createdAt: fc.integer({ min: 0, max: 3 }).map((minutes) => new Date(minutes * 60_000)),
        categoryKey: fc.uuid(),
      })
      .map((given) => rule(given.text, given));
    const anyFacts = fc.record({
      amount: fc.constantFrom('1.00', '-1.00'),
      counterpartyName: fc.option(text),
      label: fc.option(text),
      bankText: text,
    });
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 12 }), anyFacts, (rules, given) => {
        const expected = strongestByLookingAtEach(rules, given);
        for (const order of [rules, rules.toReversed()]) {
          expect(compileRules(order)(given)).toEqual(
            expected && {
              key: expected.categoryKey,
              source: expected.userId === null ? 'CLIENT_RULE' : 'USER_RULE',
            },
          );
        }
      }),
    );
  });
});

function strongestByLookingAtEach(rules: readonly CategoryRule[], given: RuleFacts): CategoryRule | null {
  const texts = [given.counterpartyName, given.label, given.bankText].map((text) => phraseOf(text ?? '').split(' '));
  const fits = ({ text, direction }: CategoryRule) => {
    const wanted = phraseOf(text).split(' ');
    const isHere = (words: string[]) =>
      words.some((_, start) => wanted.every((word, index) => words[start + index] === word));
    return (direction === null || (direction === 'OUT') === given.amount.startsWith('-')) && texts.some(isHere);
  };
  let best: CategoryRule | null = null;
  for (const one of rules.filter(fits)) if (!best || isStronger(one, best)) best = one;
  return best;
}

function isStronger(left: CategoryRule, right: CategoryRule): boolean {
  if ((left.userId === null) !== (right.userId === null)) return left.userId !== null;
  const [ofLeft, ofRight] = [phraseOf(left.text).length, phraseOf(right.text).length];
  if (ofLeft !== ofRight) return ofLeft > ofRight;
  const [madeLeft, madeRight] = [left.createdAt.getTime(), right.createdAt.getTime()];
  return madeLeft === madeRight ? left.id < right.id : madeLeft < madeRight;
}

describe('without the word of a person', () => {
  const source = fc.constantFrom(null, ...decisionSources);
  const row = source.chain((categorySource) =>
    fc.record({
      categorySource: fc.constant(categorySource),
      categoryKey: categorySource === null ? fc.constant('UNCATEGORISED') : fc.constantFrom('A', 'B'),
      modelCategoryKey:
        categorySource === 'USER' || categorySource === 'USER_RULE' || categorySource === 'CLIENT_RULE'
          ? fc.constantFrom(null, 'M', 'N')
          : fc.constant(null),
    }),
  );
  const byRule = fc.constantFrom(
    { key: 'R', source: 'USER_RULE' as const },
    { key: 'C', source: 'CLIENT_RULE' as const },
  );

  it('a rule that comes and goes leaves what was there before, and deciding twice is deciding once', () => {
    fc.assert(
      fc.property(row, byRule, byRule, (given, first, second) => {
        const before = decideWithoutPerson(null, given);
        const ruled = decideWithoutPerson(second, decideWithoutPerson(first, given));
        expect(ruled).toEqual(decideWithoutPerson(second, given));
        expect(ruled).toMatchObject({ categoryKey: second.key, categorySource: second.source });
        // A word of the model is a word of the house: whichever of both said it, MODEL is what comes back.
        const after = decideWithoutPerson(null, ruled);
        expect(after.categoryKey).toBe(before.categoryKey);
        expect(after.categorySource).toBe(before.categorySource === 'PROVIDER' ? 'MODEL' : before.categorySource);
        expect(decideWithoutPerson(null, after)).toEqual(after);
      }),
    );
  });
});
