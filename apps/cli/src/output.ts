/** How an object is printed under a name: one of its fields, or a text made of it. */
export type Cell<T> = (keyof T & string) | ((one: T) => string);

/** Columns of a list, or fields of one object, under their names. */
export type Cells<T> = Readonly<Record<string, Cell<T>>>;

export function cellOf<T>(one: T, cell: Cell<T>): string {
  if (typeof cell === 'function') return cell(one);
  const value: unknown = one[cell];
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join(',') : textOf(value ?? null);
}

export function tableOf<T>(list: readonly T[], columns: Cells<T>): string {
  const cells = Object.values(columns);
  return table(
    Object.keys(columns),
    list.map((one) => cells.map((cell) => cellOf(one, cell))),
  );
}

export function fieldsOf<T>(one: T, cells: Cells<T>): string {
  return fields(Object.entries(cells).map(([name, cell]) => [name, cellOf(one, cell)] as const));
}

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

export function textOf(value: unknown): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(textOf).join(', ') || '-' : JSON.stringify(value);
}

/** The details of a record in one line. */
export function assignments(details: object): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
