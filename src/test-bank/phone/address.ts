export const phonePath = '/phone';

/** The simulated phone of the person with this login. */
export function phoneAddress(login: string): string {
  return `${phonePath}?${new URLSearchParams({ login }).toString()}`;
}
