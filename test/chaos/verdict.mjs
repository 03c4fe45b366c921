import { writeFileSync } from 'node:fs';
import { tableOf } from '../../bench/report/table.mjs';

/** Faults of one promise that are told one by one. */
const TOLD_FAULTS = 8;

/**
 * @typedef {object} Promised
 * @property {string} promise
 * @property {string} found figures
 * @property {Record<string, readonly number[]>} [times] milliseconds that `found` sums up, by what they are of
 * @property {readonly string[]} faults what breaks it; none when it is kept
 */

/** @param {string} scenario @param {Promised} promised */
export function lineOf(scenario, { promise, found, faults }) {
  const told = faults.slice(0, TOLD_FAULTS).map((fault) => `\n    ${fault}`);
  const more = faults.length > TOLD_FAULTS ? `\n    and ${faults.length - TOLD_FAULTS} more` : '';
  return `${faults.length > 0 ? 'BROKEN' : 'kept  '} ${scenario}: ${promise}: ${found}${told.join('')}${more}`;
}

/** @param {readonly { scenario: string, promised: Promised }[]} results */
export function summaryOf(results) {
  return tableOf(results, {
    scenario: ({ scenario }) => scenario,
    promise: ({ promised }) => promised.promise,
    found: ({ promised }) => promised.found,
    verdict: ({ promised: { faults } }) => (faults.length > 0 ? `BROKEN (${faults.length})` : 'kept'),
  });
}

/**
 * Writes what became of each promise, for programs to read.
 *
 * @param {string} file
 * @param {object} facts
 * @param {number} facts.seed
 * @param {boolean} facts.isShort
 * @param {readonly { scenario: string, promised: Promised }[]} facts.results
 */
export function writeFigures(file, { seed, isShort, results }) {
  const told = results.map(({ scenario, promised: { promise, found, times = {}, faults } }) => ({
    scenario,
    promise,
    found,
    faults: faults.length,
    times: Object.entries(times).map(([name, values]) => ({ name, ...summaryOfTimes(values) })),
  }));
  writeFileSync(file, `${JSON.stringify({ seed, isShort, results: told }, null, 2)}\n`);
}

/**
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 * @returns {number} the smallest value that at least this share of all does not exceed; 0 without values
 */
function percentile(values, share) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** @param {readonly number[]} values milliseconds */
export function describeTimes(values) {
  const { count, ...times } = summaryOfTimes(values);
  const [p50, p99, most] = [times.p50, times.p99, times.most].map((time) => time.toFixed(0));
  return `p50 ${p50} ms, p99 ${p99} ms, max ${most} ms of ${count}`;
}

function summaryOfTimes(values) {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(values, share));
  return { count: values.length, p50, p99, most };
}
