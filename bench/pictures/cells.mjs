import { table } from '../report/table.mjs';

/**
 * A table whose cells may have any text: a bar would begin another cell.
 *
 * @param {string[]} headings
 * @param {string[][]} rows
 */
export function cells(headings, rows) {
  return table(
    headings,
    rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' '))),
  );
}
