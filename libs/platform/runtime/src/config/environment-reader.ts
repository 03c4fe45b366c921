import { readFileSync } from 'node:fs';

export interface Variable<T> {
  readonly name: string;
  /** The description for docs/configuration.md. */
  readonly meaning: string;
  /** Throws a sentence that never quotes the text. `source` is the variable's name, or `<NAME>_FILE` with the file. */
  readonly parse: (text: string, source: string, file?: string) => T;
  readonly fallback?: string;
  /** The description of a derived default for docs/configuration.md. */
  readonly derivedDefault?: string;
  /** Whether `<NAME>_FILE` may name a file with the text. */
  readonly isSecret?: boolean;
  /** The message when the variable is unset. Without a message, the value is null then. */
  readonly whenMissing?: string;
}

/** Null only for an optional variable without a default. */
type ValueOf<V> =
  V extends Variable<infer T>
    ? V extends { readonly fallback: string } | { readonly whenMissing: string }
      ? T
      : T | null
    : never;

/** Preserves the literal types of the details. */
export function variable<T, const D extends Omit<Variable<T>, 'name' | 'meaning' | 'parse'> = object>(
  name: string,
  meaning: string,
  parse: Variable<T>['parse'],
  details?: D,
): Pick<Variable<T>, 'name' | 'meaning' | 'parse'> & D {
  return Object.assign({ name, meaning, parse }, details);
}

/** The message names the variables that stop the boot, and never their values. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

export type Values<Variables> = { readonly [K in keyof Variables]: ValueOf<Variables[K]> };

/** Freezes the values. @param refuse returns problems of valid values; an invalid value is absent */
export function readAll<Variables extends Readonly<Record<string, Variable<unknown>>>>(
  variables: Variables,
  environment: NodeJS.ProcessEnv,
  refuse: (values: Partial<Values<Variables>>) => readonly string[] = () => [],
): Values<Variables> {
  const reader = new EnvironmentReader(environment);
  const read = Object.entries(variables).map(([field, variable]) => [field, reader.read(variable)]);
  const values = Object.freeze(Object.fromEntries(read)) as Values<Variables>;
  const problems = [...reader.problems, ...refuse(values)];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return values;
}

/** Reads variables one by one, and collects errors: sentences with the variables' names, never their values. */
export class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** @returns undefined after a problem; null for an optional variable that is unset */
  read<T>(variable: Variable<T>): T | null | undefined {
    const before = this.problems.length;
    const found = this.find(variable);
    if (this.problems.length > before) return undefined;
    if (found === undefined) {
      const { name, whenMissing } = variable;
      if (whenMissing === undefined) return null;
      return this.refuse(`${name}${whenMissing.startsWith('_') ? '' : ' '}${whenMissing}`);
    }
    try {
      return variable.parse(found.text, found.source, found.file);
    } catch (error) {
      return this.refuse(`${found.source} ${(error as Error).message}`);
    }
  }

  private find({ name, fallback, isSecret }: Variable<unknown>) {
    const text = this.environment[name] || fallback;
    const source = `${name}_FILE`;
    const file = isSecret === true ? this.environment[source] : undefined;
    if (!file) return text === undefined ? undefined : { source: name, text, file: undefined };
    if (this.environment[name]) return this.refuse(`${name} and ${source} are both set: keep one`);
    try {
      return { source, file, text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      return this.refuse(`${source} cannot be read (${code})`);
    }
  }

  private refuse(problem: string): undefined {
    this.problems.push(problem.replace(/\.?$/, '.'));
    return undefined;
  }
}
