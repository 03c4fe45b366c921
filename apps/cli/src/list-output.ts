/** Rows in aligned columns, below their headings. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One thing: the names of its fields, and their values. */
export function fields(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

/** The fields of one object, under their names in JSON. */
export function listing(object: object): string {
  return fields(Object.entries(object).map(([name, value]) => [name, textOf(value)] as const));
}

function textOf(value: unknown): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') || '-' : JSON.stringify(value);
}
