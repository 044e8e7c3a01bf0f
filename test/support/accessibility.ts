import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Expects no violation of WCAG 2.2 A and AA and of axe's best practices, and nothing wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated from outside, so that the policy of the page stays as strict as it is.
  await page.evaluate(axe.source);
  const violations: Violation[] = await page.evaluate('axe.run().then(({ violations }) => violations)');
  const told = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    places: nodes.map((node) => `${node.html} ${node.failureSummary}`),
  }));
  expect({ page: page.url(), told }).toEqual({ page: page.url(), told: [] });
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(overflow, `${page.url()} is wider than the screen`).toBe(0);
}
