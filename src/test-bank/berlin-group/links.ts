import type { Switches } from '../scenario/switches.ts';

export const berlinGroupPath = '/berlin-group/v1';

export interface Link {
  readonly href: string;
}

/** Links of data answers as the profile writes them; undefined leaves `_links` out. */
export function dataLinks(
  style: Switches['links'],
  origin: string,
  paths: Readonly<Record<string, string>>,
): Record<string, Link> | undefined {
  if (style === 'missing') return undefined;
  if (style === 'empty-object') return {};
  if (style === 'without-prefix')
    return Object.fromEntries(Object.entries(paths).map(([name, href]) => [name, { href }]));
  return links(style === 'absolute' ? origin : '', paths);
}

/** Links below the face's path; `origin` may be empty for relative ones. */
export function links(origin: string, paths: Readonly<Record<string, string>>): Record<string, Link> {
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, { href: `${origin}${berlinGroupPath}${path}` }]),
  );
}
