/** A mistake before its place in the text is known. `key` names a key of the mapping at `path`. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly key?: string;
  readonly problem: string;
  readonly remedy: string;
}
