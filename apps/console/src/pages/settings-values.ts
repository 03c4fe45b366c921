/** A row of the table in docs/settings.md. */
export interface Setting {
  readonly path: string;
  readonly byDefault: string;
  readonly bounds: string;
  readonly meaning: string;
}

declare const SETTINGS_OF_DOCS: readonly Setting[];

export const settings = SETTINGS_OF_DOCS;

type Kind = 'flag' | 'choice' | 'text' | 'number' | 'lines' | 'json';

const WORD = /`([a-z][a-zA-Z-]*)`/g;

export function kindOf({ path, byDefault, bounds }: Setting): Kind {
  if (byDefault === '`true`' || byDefault === '`false`') return 'flag';
  if (path.startsWith('rateLimits.') || bounds.includes(' objects ')) return 'json';
  if (byDefault.startsWith('`[') || bounds.startsWith('`null`')) return 'lines';
  if (/^\d/.test(byDefault)) return 'number';
  return choicesOf(bounds).length > 1 ? 'choice' : 'text';
}

/** Whether the setting is a number of seconds: its default reads like `1800 (30 minutes)`. */
export function isDuration(path: string): boolean {
  return settings.some((setting) => setting.path === path && /^\d+ \(\d/.test(setting.byDefault));
}

export function choicesOf(bounds: string): readonly string[] {
  return [...bounds.matchAll(WORD)].map(([, word = '']) => word);
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && !value.some((each) => typeof each === 'object')) return value.join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** The value of a typed text. `null` restores the default; undefined is no value. The service checks the bounds. */
export function valueOf(setting: Setting, typed: string): unknown {
  const text = typed.trim();
  switch (kindOf(setting)) {
    case 'flag':
      return text === 'true';
    case 'number':
      return numberOf(text);
    case 'lines': {
      if (text === '') return setting.bounds.startsWith('`null`') ? null : [];
      const lines = text.split(/\s*\n\s*/);
      if (!setting.bounds.includes(' numbers ')) return lines;
      const numbers = lines.map(numberOf);
      return numbers.includes(undefined) ? undefined : numbers;
    }
    case 'json':
      try {
        return text === '' ? null : (JSON.parse(text) as unknown);
      } catch {
        return undefined;
      }
    case 'choice':
    case 'text':
      return text === '' ? null : text;
  }
}

export function at(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
      document,
    );
}

/** Makes a JSON merge patch (RFC 7396). */
export function patchOf(changes: ReadonlyMap<string, unknown>): object {
  const patch: Record<string, unknown> = {};
  for (const [path, value] of changes) {
    const [name = '', inner] = path.split('.');
    if (inner === undefined) patch[name] = value;
    else patch[name] = { ...(patch[name] as object | undefined), [inner]: value };
  }
  return patch;
}

function numberOf(text: string): number | undefined {
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}
