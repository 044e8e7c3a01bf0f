import fc from 'fast-check';
import { expect, test } from 'vitest';
import { benchmarks } from './benchmarks.ts';
import { fingerprint } from './fingerprint.ts';
import { parseOptions } from './options.ts';
import { cell, printed } from './print.ts';
import { median, ratios, spread } from './statistics.ts';

test('the median is the middle value, or lies between the middle two', () => {
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 100])).toBe(3);
  expect(() => median([])).toThrow('no median');
});

test('as many values lie above the median as below it, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      expect(median(values.toReversed())).toBe(middle);
    }),
  );
});

test('ratios are of the same round', () => {
  expect(ratios([10, 30], [100, 100])).toEqual([0.1, 0.3]);
  expect(() => ratios([10], [100, 100])).toThrow('same rounds');
  expect(spread([0.3, 0.1], 2)).toBe('0.10 to 0.30');
  expect(spread([1, 1], 1)).toBe('1.0');
});

test('a fingerprint tells any two lists of parts apart', () => {
  expect(fingerprint(['a', 'b'])).toBe(fingerprint(['a', 'b']));
  const parts = fc.array(fc.string());
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      fc.pre(JSON.stringify(left) !== JSON.stringify(right));
      expect(fingerprint(left)).not.toBe(fingerprint(right));
    }),
  );
  expect(fingerprint(['ab', 'c'])).not.toBe(fingerprint(['a', 'bc']));
});

test('a report is printed with its numbers to the right and a dash for what is not known', () => {
  const columns = [
    { key: 'name', title: 'name' },
    { key: 'ratio', title: 'ratio', digits: 2 },
  ];
  const figures = [
    { name: 'bare', ratio: 1 },
    { name: 'gateway', ratio: null },
  ];
  expect(cell({ ratio: 0.126 }, { key: 'ratio', title: '', digits: 2 })).toBe('0.13');
  const benchmark = { name: 'reads', about: 'what it measures', run: () => Promise.reject(new Error('not here')) };
  expect(printed(benchmark, { columns, figures, notes: ['A note.'] })).toMatchInlineSnapshot(`
    "reads: what it measures

      name     ratio
      bare      1.00
      gateway      -

      A note.
    "
  `);
});

test('the command line chooses by name, and names what it does not know', () => {
  expect(parseOptions([], benchmarks)).toMatchObject({ chosen: benchmarks, isJson: false, rounds: 5 });
  const chosen = parseOptions(['start', '--json', '--rounds', '1', '--seconds', '0.5'], benchmarks);
  expect(chosen).toMatchObject({ isJson: true, rounds: 1, secondsPerRound: 0.5 });
  expect(chosen.chosen.map(({ name }) => name)).toEqual(['start']);
  expect(() => parseOptions(['nothing'], benchmarks)).toThrow('there is no benchmark "nothing"; there are: reads');
  expect(() => parseOptions(['--rounds', '1.5'], benchmarks)).toThrow('whole number');
  expect(() => parseOptions(['--seconds', '0'], benchmarks)).toThrow('above 0');
});
