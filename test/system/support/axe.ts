import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The colours of a theme are the same at each width, and what a width moves is the same in each theme. */
const LOOKS = [
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
] as const;

/** Expects that axe finds no barrier on the page as it is now. */
export async function expectNoBarrier(page: Page): Promise<void> {
  // By evaluate: the page's policy allows no script of others.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(`${axe}; 0`);
  const found = await page.evaluate('axe.run()');
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
}

/** Expects that axe finds no barrier, and that nothing is cut off, on a dark phone and then on a light desktop. */
export async function expectFit(page: Page): Promise<void> {
  for (const { width, colorScheme } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await expectNoBarrier(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
}
