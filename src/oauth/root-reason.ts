/** Why something failed, for the log: the innermost cause, since outer ones quote statements with their parameters. */
export function rootReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? rootReason(error.cause) : error.message;
}
