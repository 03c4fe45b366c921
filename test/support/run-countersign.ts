import type { INestApplicationContext } from '@nestjs/common';
import { openApplication } from '../../apps/cli/src/connect';
import { describeError } from '../../apps/cli/src/describe-error';
import { runCommand } from '../../apps/cli/src/run-command';
import type { TestApp } from './test-app';
import { databaseEnvironment, SMALL_CACHES, type TestDatabase } from './test-database';
import { useFixture } from './use-fixture';

export interface CountersignRun {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * The CLI on the database and the keys of a running application, in a process of its own as far as it can tell. When a
 * command has ended, the application has heard of what it changed.
 */
export class Countersign {
  private kept: Promise<INestApplicationContext> | undefined;
  private isKept = false;

  constructor(
    private readonly app: {
      readonly database: Pick<TestDatabase, 'url' | 'directUrl'>;
    } & Pick<TestApp, 'keys'> &
      Partial<Pick<TestApp, 'catchUp'>>,
    private readonly environment: NodeJS.ProcessEnv = {},
  ) {}

  /**
   * Opens the modules for the first command only, for a spec of many commands that is not about their starts. They hear no
   * notifications and so read what they need anew; what they keep otherwise (Telegram's keys) is gone after `close`. To be
   * closed at the end.
   */
  static keptOpen(...parameters: ConstructorParameters<typeof Countersign>): Countersign {
    const countersign = new Countersign(...parameters);
    countersign.isKept = true;
    return countersign;
  }

  async close(): Promise<void> {
    const kept = this.kept;
    this.kept = undefined;
    await (await kept)?.close();
  }

  async run(words: string, input = ''): Promise<CountersignRun> {
    let output = '';
    const exitCode = await runCommand(words.split(' ').filter(Boolean), {
      environment: {
        NODE_ENV: 'test',
        ...SMALL_CACHES,
        ...databaseEnvironment(this.app.database),
        KEYS: this.app.keys,
        ...this.environment,
      },
      onInterrupt: () => undefined,
      readInput: () => Promise.resolve(input),
      write: (text) => {
        output += text;
      },
      ...(this.isKept
        ? { openApplication: (environment) => (this.kept ??= openApplication(environment)) }
        : {}),
    });
    await this.app.catchUp?.();
    return { exitCode, output };
  }

  /** Checks that `--json` prints one object and nothing else. */
  async json<T = unknown>(words: string, input = ''): Promise<T> {
    const { output } = await this.run(`${words} --json`, input);
    expect(output.trim().split('\n')).toHaveLength(1);
    return JSON.parse(output) as T;
  }

  /** Of a command that lists: one object per line. */
  async lines<T = unknown>(words: string): Promise<readonly T[]> {
    const { output } = await this.run(`${words} --json`);
    return output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T);
  }

  /** The sentence of a command that fails. */
  async failure(words: string, input = ''): Promise<string> {
    return this.run(words, input).then(
      () => {
        throw new Error('it succeeded');
      },
      (error: unknown) => describeError(error),
    );
  }
}

/** Made before the tests of the enclosing block, kept open until its end: see `Countersign.keptOpen`. */
export function useCountersign(...parameters: ConstructorParameters<typeof Countersign>): Countersign {
  return useFixture(() => Countersign.keptOpen(...parameters), { close: (made) => made.close() });
}
