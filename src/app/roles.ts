/** What a process may do; one process does it all unless told otherwise. */
export const roles = ['gateway', 'worker', 'test-bank'] as const;
export type Role = (typeof roles)[number];
