/** What a filter lists; null when it lists nothing or is absent, which both mean all. */
export function someOf<Value>(values: readonly Value[] | null | undefined): Value[] | null {
  return values && values.length > 0 ? [...values] : null;
}
