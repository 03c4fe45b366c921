/** From here on the smaller ones would be invisible beside the greatest. */
const ORDERS = 30;
const TICKS = 5;

/**
 * @typedef {object} Axis
 * @property {boolean} isLog
 * @property {number[]} ticks
 * @property {(value: number) => number} share of the width at which a value lies, from 0 to 1
 */

/**
 * An axis for values that are above zero, or zero: from zero on, or logarithmic where they span orders of magnitude.
 *
 * @param {readonly number[]} values
 * @returns {Axis}
 */
export function axisFor(values) {
  const most = Math.max(0, ...values);
  const least = Math.min(...values.filter((value) => value > 0), most);
  if (!(most > 0)) return linear(1);
  return most / least >= ORDERS ? logarithmic(least, most) : linear(most);
}

/** @param {number} most @returns {Axis} */
export function linear(most) {
  const step = niceStep(most / TICKS);
  const end = Math.ceil(most / step - 1e-9) * step;
  const count = Math.round(end / step);
  return {
    isLog: false,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12))),
    share: (value) => within(value / end),
  };
}

/** @param {number} least above zero @param {number} most @returns {Axis} */
export function logarithmic(least, most) {
  // Below the least value, so that its bar has a length too.
  const start = Math.floor(Math.log10(least / 1.5));
  const end = Math.log10(most * 1.05);
  const count = Math.floor(end) - start + 1;
  return {
    isLog: true,
    ticks: Array.from({ length: count }, (_, index) => 10 ** (start + index)),
    share: (value) => (value > 0 ? within((Math.log10(value) - start) / (end - start)) : 0),
  };
}

function niceStep(wanted) {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= wanted * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function within(share) {
  return Math.min(1, Math.max(0, share));
}
