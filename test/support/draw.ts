import { createHash } from 'node:crypto';

/** What is drawn from: the values that are tried with one parameter have its name. */
export interface OfParameter {
  readonly parameter: string;
}

/** `npm run test:nightly -- hostile` */
export const drawsEverything = process.env['HOSTILE_VALUES'] === 'all';

/**
 * What this run tries: some with each parameter.
 * @param share see `draw`
 */
export function drawForRun<T extends OfParameter>(
  all: Iterable<T>,
  title: string,
  share = 1 / 32,
): readonly T[] {
  return draw([...all], drawsEverything ? 1 : share, `${process.env['PROPERTY_SEED']} ${title}`);
}

/** What this run tries of all operations: one in three. */
export function drawOperations<T extends readonly [title: string, ...unknown[]]>(
  all: readonly T[],
): readonly T[] {
  const titled = all.map((one) => ({ one, parameter: '' }));
  return drawForRun(titled, 'operations', 1 / 3).map(({ one }) => one);
}

/**
 * Draws a share of what is tried with each parameter, rounded up: at least one. Keeps the order.
 * @param share above 0, up to 1 for all.
 * @param seed the same draws the same; the draws of different seeds are independent.
 */
function draw<T extends OfParameter>(all: readonly T[], share: number, seed: string): readonly T[] {
  const byParameter = new Map<string, T[]>();
  for (const one of all) {
    const found = byParameter.get(one.parameter);
    if (found) found.push(one);
    else byParameter.set(one.parameter, [one]);
  }
  const drawn = new Set<T>();
  for (const [parameter, ofOne] of byParameter)
    for (const one of shuffled(ofOne, `${seed} ${parameter}`).slice(0, Math.ceil(ofOne.length * share)))
      drawn.add(one);
  return all.filter((one) => drawn.has(one));
}

function shuffled<T>(all: readonly T[], seed: string): readonly T[] {
  return all
    .map((one, index) => ({ one, place: createHash('sha256').update(`${seed} ${index}`).digest('hex') }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ one }) => one);
}
