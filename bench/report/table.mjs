/**
 * Text in columns, as Markdown shows it too, with a line per item. `columns`: by heading; one is aligned right when its heading
 * begins with a space.
 */
export function tableOf(items, columns) {
  const headings = Object.keys(columns);
  const isRight = headings.map((heading) => heading.startsWith(' '));
  const rows = items.map((item) => Object.values(columns).map((text) => cellOf(text(item))));
  const cells = [headings.map((heading) => heading.trim()), ...rows];
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const pad = (cell, column) =>
    isRight[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  const line = (row) => `| ${row.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) => `${'-'.repeat(width - 1)}${isRight[column] ? ':' : '-'}`);
  return [line(cells[0]), line(rule), ...rows.map(line)].join('\n');
}

/** A bar would begin another cell. */
function cellOf(value) {
  return String(value).replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** What was to be reached, with the results. @param {object[]} verdicts */
export function targetTable(heading, verdicts) {
  return tableOf(verdicts, {
    [heading]: (verdict) => verdict[heading],
    'to reach': ({ wanted }) => wanted,
    ' measured': ({ measured }) => measured,
    '': ({ isReached }) => (isReached ? 'reached' : '**not reached**'),
  });
}

export function fixed(value, digits = 0) {
  return Number.isFinite(value) ? value.toFixed(digits) : String(value);
}

export function grouped(value) {
  return Math.round(value).toLocaleString('en-US');
}

/** The least and the most of some numbers. @param {number[]} [numbers] */
export function span(numbers) {
  if (!numbers) return '';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least}–${most}`;
}
