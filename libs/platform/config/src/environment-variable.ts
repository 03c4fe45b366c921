export interface Variable<T> {
  readonly name: string;
  /** The description in docs/configuration.md. */
  readonly meaning: string;
  /** Throws a sentence that never quotes the text. */
  readonly parse: (text: string) => T;
  readonly fallback?: string;
  /** How docs/configuration.md describes a derived default. */
  readonly derivedDefault?: string;
  /** Whether the text may be in a file that `<NAME>_FILE` names. */
  readonly isSecret?: boolean;
  /** The message when it is unset; without it the value is null then. */
  readonly whenMissing?: string;
}

type Details<T> = Omit<Variable<T>, 'name' | 'meaning' | 'parse'>;

/** The type of a variable's value: null only when it has no default and is not required. */
export type ValueOf<V> =
  V extends Variable<infer T>
    ? V extends { readonly fallback: string } | { readonly whenMissing: string }
      ? T
      : T | null
    : never;

/** Keeps the literal types of the details. */
export function variable<T, const D extends Details<T>>(
  name: string,
  meaning: string,
  parse: (text: string) => T,
  details: D,
): { name: string; meaning: string; parse: (text: string) => T } & D {
  return { name, meaning, parse, ...details };
}
