/** The number of runs of a property in `npm test`. `MUTATIONS=100000` raises it: `npm run test:nightly` takes 30,000. */
export function tries(byDefault: number): { numRuns: number } {
  return { numRuns: Math.max(byDefault, wholeNumber('MUTATIONS', byDefault)) };
}

/**
 * How many times as much CPU time a work takes per character of an input eight times as long: about 1 where it is linear, 8 where it is
 * quadratic. Both lengths are timed one after the other, so that a busy machine lengthens both; the median of nine such pairs counts.
 *
 * @param work does its work for an input of this length
 */
export function growthPerCharacter(work: (length: number) => void, length: number): number {
  const long = () => work(length);
  const short = () => {
    for (let part = 0; part < 8; part++) work(Math.ceil(length / 8));
  };
  const repeats = Math.max(repeatsToTime(long), repeatsToTime(short));
  const ratios = Array.from({ length: 9 }, () => cpuTime(long, repeats) / cpuTime(short, repeats));
  return ratios.toSorted((one, other) => one - other)[4] ?? Number.NaN;
}

/** Ten milliseconds are enough to be timed well. */
function repeatsToTime(work: () => void): number {
  let repeats = 1;
  while (cpuTime(work, repeats) < 10_000) repeats *= 4;
  return repeats;
}

function cpuTime(work: () => void, repeats: number): number {
  const before = process.cpuUsage();
  for (let run = 0; run < repeats; run++) work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function wholeNumber(name: string, byDefault: number): number {
  const value = Number(process.env[name] || byDefault);
  if (!Number.isSafeInteger(value) || value <= 0) throw new RangeError(`${name} must be a positive integer`);
  return value;
}
