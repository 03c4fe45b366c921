/**
 * How often a property is tried. `MUTATIONS=100000` raises the number. The seed is the same for every run unless
 * `MUTATIONS_SEED` chooses another.
 */
export function tries(byDefault: number): { numRuns: number; seed: number } {
  return {
    numRuns: Math.max(byDefault, wholeNumber('MUTATIONS', byDefault)),
    seed: wholeNumber('MUTATIONS_SEED', 20_260_101),
  };
}

function wholeNumber(name: string, byDefault: number): number {
  const value = Number(process.env[name] || byDefault);
  if (!Number.isSafeInteger(value) || value <= 0) throw new RangeError(`${name} must be a positive integer`);
  return value;
}
