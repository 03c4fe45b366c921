import { assertSafe, invalidField } from '@countersign/http';

/** The limit of one answer. Clients ask for up to 99999 results. */
export const MAX_RESULTS = 100;
const MAX_SKIP = 10_000;
const MAX_VALUES = 20;

/** Ignores unknown parameters. The clients repeat a parameter for a list, with or without `[]` after its name. */
export class ListQuery {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(query: unknown) {
    const values: object = typeof query === 'object' && query !== null ? query : {};
    assertSafe(values);
    this.values = values as Readonly<Record<string, unknown>>;
  }

  text(name: string, form: RegExp): string | undefined {
    const [value, another] = this.valuesOf(name);
    if (value === undefined || value === '') return undefined;
    if (another !== undefined || !form.test(value))
      throw invalid(name, 'must be one value of the right form');
    return value;
  }

  list(name: string, form: RegExp): readonly string[] {
    const found = this.valuesOf(name);
    if (found.length > MAX_VALUES) throw invalid(name, `must not come more than ${MAX_VALUES} times`);
    if (!found.every((value) => form.test(value))) throw invalid(name, 'must have values of the right form');
    return found;
  }

  integer(name: string): number | undefined {
    const text = this.text(name, /^-?\d{1,15}$/);
    return text === undefined ? undefined : Number(text);
  }

  /** Reads `name[key]=value`. A key may be repeated. */
  entries(name: string, keys: RegExp, values: RegExp): readonly (readonly [key: string, value: string])[] {
    const named = Object.keys(this.values).filter((key) => key === name || key.startsWith(`${name}[`));
    const found = named.flatMap((full) => {
      const key = /^[^[]+\[([^[\]]+)\]$/.exec(full)?.[1];
      if (key === undefined || !keys.test(key)) throw invalid(name, `must be ${name}[key] with a known key`);
      return this.list(full, values).map((value) => [key, value] as const);
    });
    if (found.length > MAX_VALUES) throw invalid(name, `must not come more than ${MAX_VALUES} times`);
    return found;
  }

  slice(maxSkip = MAX_SKIP): { readonly skip: number; readonly limit: number } {
    const skip = Number(this.text('skip', /^\d{1,9}$/) ?? 0);
    const limit = Number(this.text('limit', /^[1-9]\d{0,8}$/) ?? MAX_RESULTS);
    if (skip > maxSkip) throw invalid('skip', `must not be more than ${maxSkip}`);
    return { skip, limit: Math.min(limit, MAX_RESULTS) };
  }

  isAscending(name: string): boolean {
    return this.text(name, /^(?:asc|desc)$/i)?.toLowerCase() === 'asc';
  }

  private valuesOf(name: string): readonly string[] {
    return [name, `${name}[]`].flatMap((each) => {
      const value = Object.hasOwn(this.values, each) ? this.values[each] : undefined;
      return [value ?? []].flat().map(String);
    });
  }
}

export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function invalid(path: string, detail: string): Error {
  return invalidField(path, 'matches', detail);
}
