import type { LoadRequest } from '../load.ts';

/** What is asked, and how many transactions one answer carries. */
export interface Question {
  readonly name: string;
  readonly transactions: number;
  readonly requests: readonly LoadRequest[];
}
