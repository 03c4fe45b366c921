/**
 * A figure as people read it: three significant digits below a thousand, whole and in groups of three above.
 *
 * @param {number} value
 */
export function inWords(value) {
  if (!Number.isFinite(value)) return 'not known';
  const size = Math.abs(value);
  if (size >= 100) return grouped(Math.round(value));
  return size === 0 ? '0' : String(Number(value.toPrecision(size < 1 ? 2 : 3)));
}

/** @param {number} whole */
export function grouped(whole) {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} value to be written with so many decimals @param {number} digits */
export function fixed(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits) : 'not known';
}
