/**
 * Text in columns, as Markdown shows it too. A column is aligned right when its heading begins with a space.
 *
 * @param {string[]} headings
 * @param {string[][]} rows
 */
export function table(headings, rows) {
  const isRight = headings.map((heading) => heading.startsWith(' '));
  const cells = [headings.map((heading) => heading.trim()), ...rows];
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) => {
    const padded = row.map((cell, column) =>
      isRight[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isRight[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(cells[0]), line(rule), ...rows.map(line)].join('\n');
}
