/** A row of the table in docs/settings.md. */
export interface Setting {
  /** Such as `session.accessIdle`. */
  readonly path: string;
  readonly byDefault: string;
  readonly bounds: string;
  readonly meaning: string;
}

declare const SETTINGS_OF_DOCS: readonly Setting[];

export const settings = SETTINGS_OF_DOCS;

type Kind = 'flag' | 'number' | 'numbers' | 'list' | 'choice' | 'rate' | 'object' | 'text';

const WORD = /`([a-z][a-zA-Z-]*)`/g;

export function kindOf({ path, byDefault, bounds }: Setting): Kind {
  if (byDefault === '`true`' || byDefault === '`false`') return 'flag';
  if (path.startsWith('rateLimits.')) return 'rate';
  if (byDefault.startsWith('`[')) return bounds.includes(' numbers ') ? 'numbers' : 'list';
  if (byDefault.startsWith('`{')) return 'object';
  if (/^\d/.test(byDefault)) return 'number';
  return choicesOf(bounds).length > 1 ? 'choice' : 'text';
}

/** The words of a choice. */
export function choicesOf(bounds: string): readonly string[] {
  return [...bounds.matchAll(WORD)].map(([, word = '']) => word);
}

/** Whether the form has a value for each line. */
export function isOfLines(kind: Kind): boolean {
  return kind === 'list' || kind === 'numbers';
}

/** A value as the form has it. */
export function textOf(kind: Kind, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (isOfLines(kind)) return (value as readonly unknown[]).join('\n');
  if (kind === 'rate') {
    const { limit, window } = value as { readonly limit: number; readonly window: number };
    return `${limit} in ${window}`;
  }
  if (kind === 'object') return JSON.stringify(value, null, 2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value of a text; `null` brings back the default, and undefined is no value. The service says whether it is within the bounds. */
export function valueOf(kind: Kind, text: string): unknown {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  switch (kind) {
    case 'flag':
      return text === 'true';
    case 'list':
      return lines;
    case 'numbers':
      return lines.every(isNumber) ? lines.map(Number) : undefined;
    case 'number':
      return isNumber(text.trim()) ? Number(text) : undefined;
    case 'rate':
      return text.trim() === '' ? null : rateOf(text.trim());
    case 'object':
      return jsonOf(text);
    case 'choice':
    case 'text':
      return text.trim() === '' ? null : text.trim();
  }
}

/** The value at a path, undefined where there is none. */
export function at(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
      document,
    );
}

/** A JSON merge patch (RFC 7396). */
export function patchOf(changes: ReadonlyMap<string, unknown>): object {
  const patch: Record<string, unknown> = {};
  for (const [path, value] of changes) {
    const [name = '', inner] = path.split('.');
    if (inner === undefined) patch[name] = value;
    else patch[name] = { ...(patch[name] as object | undefined), [inner]: value };
  }
  return patch;
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

function rateOf(text: string): object | undefined {
  const [, limit, window] = /^(\d+) in (\d+)$/.exec(text) ?? [];
  return limit === undefined ? undefined : { limit: Number(limit), window: Number(window) };
}

function jsonOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
