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

export function fields(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

/** Prints a JSON value on one line: `-` for null, and the state of an object that has one. */
export function textOf(value: unknown): string {
  if (value === null) return '-';
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(textOf).join(', ') || '-';
  const { state } = value as { readonly state?: unknown };
  return typeof state === 'string' ? textOf(state) : jsonOf(value);
}

/** Controls of the terminal (C0, C1) and of text direction could hide or rewrite the output. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export function printable(text: string): string {
  return text.replaceAll(CONTROLS, '\ufffd');
}

/** Escapes control characters in JSON. Its own line feeds stay. */
export function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(CONTROLS, (one) =>
    one === '\n' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
