import { readFileSync } from 'node:fs';
import type { Variable } from './environment-variable';

/** A text, and the variable that it comes from. */
interface Found {
  readonly source: string;
  readonly text: string;
}

/**
 * Reads variables one by one, and collects the errors: sentences with the variables' names, never their
 * values.
 */
export class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** @returns undefined after a problem, null for an optional variable that is unset. */
  read<T>(variable: Variable<T>): T | null | undefined {
    const before = this.problems.length;
    const found = this.find(variable);
    if (this.problems.length > before) return undefined;
    if (found === undefined) {
      if (variable.whenMissing === undefined) return null;
      return this.refuse(
        `${variable.name}${variable.whenMissing.startsWith('_') ? '' : ' '}${variable.whenMissing}`,
      );
    }
    try {
      return variable.parse(found.text);
    } catch (error) {
      return this.refuse(`${found.source} ${(error as Error).message}`);
    }
  }

  private find({ name, fallback, isSecret }: Variable<unknown>): Found | undefined {
    const text = this.environment[name] || fallback;
    const source = `${name}_FILE`;
    const file = isSecret === true ? this.environment[source] : undefined;
    if (!file) return text === undefined ? undefined : { source: name, text };
    if (this.environment[name]) return this.refuse(`${name} and ${source} are both set: keep one`);
    try {
      return { source, text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
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
