/** How much data a benchmark reads. */
export interface DatasetSize {
  readonly users: number;
  readonly accountsPerUser: number;
  /** Spread evenly over the accounts. */
  readonly transactions: number;
}

export const fullSize: DatasetSize = { users: 1000, accountsPerUser: 3, transactions: 1_000_000 };

export function describeSize({ users, accountsPerUser, transactions }: DatasetSize): string {
  const number = new Intl.NumberFormat('en');
  const accounts = users * accountsPerUser;
  return `${number.format(users)} users, ${number.format(accounts)} accounts, ${number.format(transactions)} transactions`;
}
