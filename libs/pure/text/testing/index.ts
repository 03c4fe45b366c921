/** The number of runs of a property in `npm test`. `MUTATIONS=100000` raises it: `npm run test:long` takes 30,000. */
export function tries(byDefault: number): { numRuns: number } {
  return { numRuns: Math.max(byDefault, wholeNumber('MUTATIONS', byDefault)) };
}

function wholeNumber(name: string, byDefault: number): number {
  const value = Number(process.env[name] || byDefault);
  if (!Number.isSafeInteger(value) || value <= 0) throw new RangeError(`${name} must be a positive integer`);
  return value;
}
