/** The middle value; of an even number of values the mean of the middle two. Throws on none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('There is no median of no values.');
  return (lower + upper) / 2;
}

/**
 * Each value over the one of the same round of the other series. A machine that slows down slows both sides of a round
 * alike, so the median of these ratios is steadier than the ratio of the medians.
 */
export function ratios(values: readonly number[], bases: readonly number[]): number[] {
  if (values.length !== bases.length) throw new Error('Both series must have the same rounds.');
  return values.map((value, round) => value / (bases[round] ?? Number.NaN));
}

/** The lowest and the highest value as a text: `0.11 to 0.14`. */
export function spread(values: readonly number[], digits: number): string {
  const [low, high] = [Math.min(...values).toFixed(digits), Math.max(...values).toFixed(digits)];
  return low === high ? low : `${low} to ${high}`;
}
