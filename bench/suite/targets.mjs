import { summaryOf } from '../load/rounds.mjs';
import { betterAuth, countersign, minimal, oidcProvider } from '../subjects/all.mjs';

/** Connections for which the targets below were set. */
const CONNECTIONS = 32;

/** The median rate of the service divided by that of another subject, or its 99th percentile in milliseconds at half of its rate. */
const TARGETS = [
  { operation: 'firstLogin', of: betterAuth.name, least: 5 },
  { operation: 'firstLogin', of: minimal.name, least: 0.3 },
  { operation: 'firstLogin', mostP99: 15 },
  { operation: 'returningLogin', of: betterAuth.name, least: 3 },
  { operation: 'returningLogin', of: minimal.name, least: 0.35 },
  { operation: 'returningLogin', mostP99: 15 },
  { operation: 'refresh', of: oidcProvider.name, least: 2 },
  { operation: 'refresh', of: minimal.name, least: 0.4 },
  { operation: 'refresh', mostP99: 15 },
  { operation: 'gatewayCheck', mostP99: 8 },
];

/** @returns the targets that were measured */
export function judge(pairs, connections) {
  if (connections !== CONNECTIONS) return [];
  const find = (key, name) => {
    const pair = pairs.find(({ operation, subject }) => operation.key === key && subject.name === name);
    return pair && { operation: pair.operation.name, ...summaryOf(pair) };
  };
  return TARGETS.flatMap(({ operation: key, of, least, mostP99 }) => {
    const [ours, theirs] = [find(key, countersign.name), find(key, of)];
    if (!ours || !(mostP99 || theirs)) return [];
    const { operation, p99AtHalf: p99 } = ours;
    const at = `p99 at half of the rate at most ${mostP99} ms`;
    if (mostP99)
      return [{ operation, wanted: at, measured: `${p99.toFixed(2)} ms`, isReached: p99 <= mostP99 }];
    const ratio = ours.rate / theirs.rate;
    const wanted = `at least ${least} of ${of}`;
    return [{ operation, wanted, measured: ratio.toFixed(2), isReached: ratio >= least }];
  });
}
