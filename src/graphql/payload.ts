import { isId, type Id, type IdKind } from '../kernel/id.ts';

/** An id out of an outcome, which may have been kept as JSON; it was written by us, so anything else is a bug. */
export function keptId<Kind extends IdKind>(kind: Kind, text: string): Id<Kind> {
  if (!isId(kind, text)) throw new Error(`An outcome holds ${text}, which is no id of a ${kind}.`);
  return text;
}
