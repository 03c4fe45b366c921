import { tableOf } from '../../bench/report/table.mjs';

/** Faults of one promise that are told one by one. */
const TOLD_FAULTS = 8;

/**
 * @typedef {object} Promised
 * @property {string} promise
 * @property {string} found figures
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
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(0));
  return `p50 ${p50} ms, p99 ${p99} ms, max ${most} ms of ${values.length}`;
}
