import { z } from 'zod';

/** What a person may have to do on the portal before he sees his accounts, in this order. */
export const interstitials = ['terms', 'kyc', 'new-password'] as const;
export type Interstitial = (typeof interstitials)[number];

export const portalLayouts = ['v1', 'v2'] as const;
export type PortalLayout = (typeof portalLayouts)[number];

/** How the online-banking site of the bank behaves. */
export const portalSchema = z
  .strictObject({
    layout: z
      .enum(portalLayouts)
      .default('v1')
      .describe('v1: tables. v2: the site after its relaunch, with other addresses, field names and markup.'),
    keypad: z
      .enum(['none', 'shuffled'])
      .default('none')
      .describe(
        'shuffled: passwords of digits, typed on a keypad that posts positions. Boursorama, La Banque Postale.',
      ),
    thousands: z
      .enum(['narrow-no-break', 'no-break', 'space', 'none'])
      .default('narrow-no-break')
      .describe('What stands between thousands: U+202F, U+00A0, a plain space, or nothing.'),
    pageSize: z.int().min(1).max(500).default(40).describe('Booked transactions on one page of a statement.'),
    sessionSeconds: z.int().min(30).max(86_400).default(600).describe('A session ends after so long without a page.'),
    trustedDays: z
      .int()
      .min(0)
      .max(365)
      .default(90)
      .describe('A browser that passed the challenge is not asked again for so long; 0 asks at each sign-in.'),
    passwordAttempts: z.int().min(1).max(20).default(5).describe('Wrong passwords in a row after which access locks.'),
    lockSeconds: z.int().min(1).max(31_536_000).default(900).describe('How long access stays locked.'),
    maintenance: z.boolean().default(false).describe('The site answers a maintenance page.'),
  })
  .prefault({});

export const personPortalSchema = z
  .strictObject({
    interstitials: z
      .array(z.enum(interstitials))
      .max(interstitials.length)
      .default([])
      .describe('Pages that this person must pass once, after the challenge.'),
  })
  .prefault({});
