import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expectAccessible } from '../../support/accessibility.ts';
import { screens, type OpenBrowser, type Screen } from '../../support/browser.ts';

export type Look = 'light' | 'dark';

/** A page and what is looked at on the way: every step is checked for accessibility and kept as a picture. */
export interface Walk {
  readonly page: Page;
  /** Checks what is shown now and takes its picture into a temporary directory. */
  look(step: string): Promise<void>;
  /** Another page of the same browser session, for the phone. */
  another(): Promise<Page>;
}

/** Where the pictures of this run are, for a person to look at: test-bank-pages-* in the system's temporary directory. */
const pictures = mkdtemp(join(tmpdir(), 'test-bank-pages-'));

export async function walk(browser: OpenBrowser, name: string, screen: Screen, look: Look): Promise<Walk> {
  const page = await browser.page({ viewport: screens[screen], colorScheme: look, locale: 'fr-FR' });
  return {
    page,
    async look(step) {
      await expectAccessible(page);
      const path = join(await pictures, `${name}-${step}-${screen}-${look}.png`);
      // A picture proves nothing; a busy machine that cannot take one does not fail the walk.
      await page.screenshot({ path }).catch(() => null);
    },
    another: () => page.context().newPage(),
  };
}

/** Every combination that the pages are looked at in. */
export const looks: readonly (readonly [Screen, Look])[] = [
  ['desktop', 'light'],
  ['phone', 'light'],
  ['phone', 'dark'],
];
