import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

const debianPath = '/usr/bin/chromium';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const asked = process.env['CHROMIUM_PATH'];
const path = existsSync(asked ?? debianPath) ? (asked ?? debianPath) : undefined;
const remedy = 'Install Chromium (Debian: apt-get install chromium) or name it by CHROMIUM_PATH.';

export interface OpenBrowser {
  /** A page in a session of its own, closed after the suite. */
  page(options?: BrowserContextOptions): Promise<Page>;
}

/**
 * A suite in a real browser. Without one it is skipped and says how to run it; with CI=true, or when CHROMIUM_PATH names
 * nothing, it fails.
 */
export function describeInBrowser(name: string, suite: (browser: OpenBrowser) => void): void {
  const mustRun = process.env['CI'] === 'true' || asked !== undefined;
  if (path === undefined && !mustRun) {
    console.warn(`Skipped without a browser: ${name}. ${remedy}`);
    describe.skip(`${name} (no browser: ${remedy})`, () => suite({ page: missing }));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      if (path === undefined) throw new Error(`There is no browser at ${asked ?? debianPath}. ${remedy}`);
      browser = await chromium.launch({ executablePath: path, headless: true, args: flags });
    });
    afterAll(async () => {
      await browser?.close();
    });
    suite({
      async page(options) {
        const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
        return context.newPage();
      },
    });
  });
}

function missing(): Promise<never> {
  throw new Error(remedy);
}

/** Sizes in CSS pixels. */
export const screens = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
export type Screen = keyof typeof screens;
