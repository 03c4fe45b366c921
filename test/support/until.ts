import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../runner/patience.cjs';

const TIMEOUT_MS = 10_000 * patience;

/** Resolves when the condition holds; throws when it does not within ten seconds, times the run's patience. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${TIMEOUT_MS} ms`);
    await sleep(10);
  }
}
