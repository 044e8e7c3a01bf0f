import type { Authentication } from './authentication.ts';

type Permissions = Extract<Authentication['viewer'], { kind: 'client' }>['permissions'];

// As many as there are sets of the few permissions that tokens are issued with.
const known = new Map<string, Permissions>();

/** The same viewer with a set of permissions that all viewers share who have the same: each open socket keeps its viewer. */
export function withSharedPermissions(viewer: Authentication['viewer']): Authentication['viewer'] {
  if (viewer.kind === 'anonymous') return viewer;
  const key = [...viewer.permissions].toSorted((left, right) => left.localeCompare(right)).join(' ');
  let permissions = known.get(key);
  if (!permissions) known.set(key, (permissions = new Set(viewer.permissions)));
  return { ...viewer, permissions };
}
