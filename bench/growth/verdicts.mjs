import { table } from '../report/table.mjs';

/**
 * Something that is meant to be reached, with what came out.
 *
 * @typedef {object} Verdict
 * @property {string} what
 * @property {string} wanted
 * @property {string} measured
 * @property {boolean} isReached
 */

/** @param {Verdict[]} verdicts */
export function describeVerdicts(verdicts) {
  return table(
    ['what', 'to reach', ' measured', ''],
    verdicts.map(({ what, wanted, measured, isReached }) => [
      what,
      wanted,
      measured,
      isReached ? 'reached' : '**not reached**',
    ]),
  );
}
