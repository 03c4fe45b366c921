import { summaryOf } from '../load/rounds.mjs';
import {
  bareFastify,
  betterAuth,
  countersign,
  minimal,
  oidcProviderInMemory,
  oidcProviderOnPostgres,
} from '../subjects/all.mjs';

/** Connections for which the latencies below were set. */
const CONNECTIONS = 32;

/** The median rate of the service divided by that of another subject, or its 99th percentile in milliseconds. */
const TARGETS = [
  { operation: 'gatewayCheck', of: bareFastify.name, least: 0.55 },
  { operation: 'gatewayCheck', of: betterAuth.name, least: 25 },
  { operation: 'gatewayCheck', mostP99: 8 },
  { operation: 'introspection', of: oidcProviderInMemory.name, least: 2.5 },
  { operation: 'firstLogin', of: betterAuth.name, least: 4 },
  { operation: 'firstLogin', of: minimal.name, least: 0.25 },
  { operation: 'returningLogin', of: betterAuth.name, least: 4 },
  { operation: 'returningLogin', of: minimal.name, least: 0.3 },
  { operation: 'refresh', of: oidcProviderOnPostgres.name, least: 3 },
  { operation: 'refresh', of: minimal.name, least: 0.5 },
  { operation: 'logout', of: minimal.name, least: 0.4 },
];

/** @returns the targets that were measured */
export function judge(pairs, connections) {
  const find = (key, name) => {
    const pair = pairs.find(({ operation, subject }) => operation.key === key && subject.name === name);
    return pair && { operation: pair.operation.name, ...summaryOf(pair) };
  };
  return TARGETS.flatMap(({ operation: key, of, least, mostP99 }) => {
    const ours = find(key, countersign.name);
    const theirs = find(key, of);
    if (!ours || !(mostP99 ? connections === CONNECTIONS : theirs)) return [];
    const { operation, p99 } = ours;
    if (mostP99)
      return [
        {
          operation,
          wanted: `p99 at most ${mostP99} ms`,
          measured: `${p99.toFixed(2)} ms`,
          isReached: p99 <= mostP99,
        },
      ];
    const ratio = ours.rate / theirs.rate;
    const wanted = `at least ${least} of ${of}`;
    return [{ operation, wanted, of, least, measured: ratio.toFixed(2), isReached: ratio >= least }];
  });
}
