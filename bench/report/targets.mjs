import {
  bareFastify,
  betterAuth,
  countersign,
  minimal,
  oidcProviderInMemory,
  oidcProviderOnPostgres,
} from '../subjects/all.mjs';
import { summaryOf } from '../load/rounds.mjs';

/** Connections for which the latencies below were set. */
const CONNECTIONS = 32;

/**
 * What the service means to reach: its median rate divided by another one's, or its 99th percentile in milliseconds.
 *
 * @typedef {{ operation: string, of: string, least: number } | { operation: string, mostP99: number }} Target
 */

/** @type {readonly Target[]} */
const targets = [
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

/**
 * A target with what was measured of it.
 *
 * @typedef {object} Verdict
 * @property {string} operation its name
 * @property {string} wanted
 * @property {string} [of] where a ratio is wanted: of whose rate
 * @property {number} [least] and which
 * @property {string} measured
 * @property {boolean} isReached
 */

/**
 * @param {import('../load/rounds.mjs').Pair[]} pairs
 * @param {number} connections
 * @returns {Verdict[]} of the targets that were measured
 */
export function judge(pairs, connections) {
  const find = (key, name) =>
    pairs.find(({ operation, subject }) => operation.key === key && subject.name === name);
  return targets.flatMap((target) => {
    const ours = find(target.operation, countersign.name);
    if (!ours) return [];
    if ('mostP99' in target) return connections === CONNECTIONS ? [latencyVerdict(ours, target)] : [];
    const theirs = find(target.operation, target.of);
    return theirs ? [ratioVerdict(ours, theirs, target)] : [];
  });
}

function ratioVerdict(ours, theirs, { of, least }) {
  const ratio = summaryOf(ours).rate / summaryOf(theirs).rate;
  return {
    operation: ours.operation.name,
    wanted: `at least ${least} of ${of}`,
    of,
    least,
    measured: ratio.toFixed(2),
    isReached: ratio >= least,
  };
}

function latencyVerdict(ours, { mostP99 }) {
  const { p99 } = summaryOf(ours);
  return {
    operation: ours.operation.name,
    wanted: `p99 at most ${mostP99} ms`,
    measured: `${p99.toFixed(2)} ms`,
    isReached: p99 <= mostP99,
  };
}
