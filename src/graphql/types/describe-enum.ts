import { builder } from '../builder.ts';

/** An enum of a domain list: every value of the list, each with a sentence that adds something. */
export function describeEnum<const Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
) {
  return builder.enumType(name, {
    description,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the keys' type
    values: Object.fromEntries(Object.entries(values).map(([key, text]) => [key, { description: text }])) as Record<
      Value,
      { description: string }
    >,
  });
}
