export const stetPath = '/stet/v1';

interface Link {
  readonly href: string;
}

/**
 * HAL links. They are relative to the host, as in the examples of the standard, and because it allows no more than 140
 * characters.
 */
export function halLinks(paths: Readonly<Record<string, string>>): Record<string, Link> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { href: `${stetPath}${path}` }]));
}
