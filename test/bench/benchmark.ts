/** One measured line of a benchmark; a column that does not apply is null. */
export type Figure = Readonly<Record<string, string | number | null>>;

/** A column of the printed table, filled from the figures by `key`. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** Decimals of a number; absent for text. */
  readonly digits?: number;
}

export interface Report {
  readonly columns: readonly Column[];
  readonly figures: readonly Figure[];
  /** What a reader must know to judge the figures: what was compared with what, on how much data. */
  readonly notes: readonly string[];
}

export interface RunOptions {
  /** How often each contender is measured; the median counts. */
  readonly rounds: number;
  /** How long each contender is loaded in one round. */
  readonly secondsPerRound: number;
  /** Tells a person what is going on, one line each. */
  readonly tell: (line: string) => void;
}

/** Something that can be measured by name; one file each, registered in benchmarks.ts. */
export interface Benchmark {
  readonly name: string;
  readonly about: string;
  run(options: RunOptions): Promise<Report>;
}
