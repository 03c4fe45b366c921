import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Expects that axe finds no barrier on the page as it is now. */
export async function expectNoBarrier(page: Page): Promise<void> {
  // By evaluate: the page's policy allows no script of others.
  const found = await page.evaluate(`${axe}; axe.run()`);
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
}
