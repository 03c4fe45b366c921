import { wholeNumber, type Call } from './command';

const MAX_ITEMS = 10_000;
const DEFAULT_ITEMS = 100;

/** The option that `limitOf` reads. */
export const limitFlags = [
  '--limit <count>',
  `how many at most, up to ${MAX_ITEMS} (default: ${DEFAULT_ITEMS})`,
] as const;

/** How many items of a list are wanted. @throws UsageError */
export function limitOf(call: Call): number {
  const text = call.optional('limit');
  return text === undefined ? DEFAULT_ITEMS : wholeNumber('limit', text, 1, MAX_ITEMS);
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
/** The fields of one object, one per line. */
export function listing(object: object): string {
  const rows = Object.entries(object).map(([name, value]) => [name, textOf(value)]);
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', text = '']) => `${name.padEnd(width)}  ${text}`.trimEnd()).join('\n');
}

function textOf(value: unknown): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') || '-' : JSON.stringify(value);
}
