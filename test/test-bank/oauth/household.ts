/** A small bank: a current account with ten purchases, and a card that it pays once a month. */
export const household = {
  seed: 'small',
  epoch: '2026-01-01',
  bank: { name: 'Banque du Test' } as Record<string, unknown>,
  people: [
    { id: 'alice', name: 'Alice Martin', login: 'alice', password: 'tributary1' },
    { id: 'chloe', name: 'Chloe Bernard', login: 'chloe', password: 'tributary3' },
  ],
  accounts: [
    {
      id: 'current',
      owners: ['alice'],
      type: 'checking',
      name: 'Compte courant',
      product: 'Compte',
      iban: 'FR7630006000011234567890189',
      openingBalance: '100.00',
      transactions: [
        {
          id: 'bread',
          every: { days: 5, from: '2026-01-05', until: '2026-02-19' },
          kind: 'card',
          amount: '-2.50',
          text: 'CB BOULANGERIE {ddmmyy}',
        },
        { id: 'salary', on: '2026-02-27', kind: 'transfer-in', amount: '1500.00', text: 'VIR SALAIRE' },
        { id: 'fuel', on: '2026-03-09', kind: 'card', amount: '-60.00', text: 'CB STATION', pending: { days: 3 } },
      ],
    },
    {
      id: 'card',
      owners: ['alice'],
      type: 'card',
      name: 'Carte Premier',
      maskedPan: '497401XXXXXX5678',
      openingBalance: '0.00',
      deferredDebit: { account: 'current' },
      transactions: [{ id: 'lunch', on: '2026-03-02', kind: 'card', amount: '-14.20', text: 'BISTROT' }],
    },
    { id: 'savings', owners: ['alice'], type: 'savings', name: 'Livret A', openingBalance: '5000.00' },
  ],
};

/** The same bank with some of its profile changed. */
export function householdWith(bank: Record<string, unknown>): typeof household {
  return { ...household, bank: { ...household.bank, ...bank } };
}
