import type { INestApplicationContext, Type } from '@nestjs/common';
import { declarationsIn } from '../../apps/cli/src/commands/index';
import type { Terminal } from '../../apps/cli/src/call';
import { openApplication } from '../../apps/cli/src/connect';
import type { Declaration } from '../../apps/cli/src/declaration';
import { describeError } from '../../apps/cli/src/describe-error';
import { runCommand } from '../../apps/cli/src/run-command';
import type { TestApp } from './test-app';
import { databaseEnvironment, type TestDatabase } from './test-database';
import { useFixture } from './use-fixture';

export interface CountersignRun {
  readonly exitCode: number;
  readonly output: string;
}

/** Commands that are no part of the product, and the modules that they call. */
export interface AddedCommands {
  readonly declarations: readonly Declaration[];
  readonly modules: readonly Type[];
}

/**
 * The CLI on the database and the keys of a running application, in a process of its own as far as it can tell. When a
 * command has ended, the application has heard of what it changed.
 */
export class Countersign {
  private kept: Promise<INestApplicationContext> | undefined;
  private isStored = false;
  private added: AddedCommands = { declarations: [], modules: [] };

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
  static keptOpen(
    app: ConstructorParameters<typeof Countersign>[0],
    environment?: NodeJS.ProcessEnv,
    added?: AddedCommands,
  ): Countersign {
    const countersign = new Countersign(app, environment);
    countersign.isStored = true;
    if (added) countersign.added = added;
    return countersign;
  }

  async close(): Promise<void> {
    const kept = this.kept;
    this.kept = undefined;
    await (await kept)?.close();
  }

  async run(words: string, input = '', more: Partial<Terminal> = {}): Promise<CountersignRun> {
    let output = '';
    const terminal: Terminal = {
      environment: {
        NODE_ENV: 'test',
        ...databaseEnvironment(this.app.database),
        KEYS: this.app.keys,
        ...this.environment,
      },
      onInterrupt: () => undefined,
      readInput: () => Promise.resolve(input),
      write: (text) => {
        output += text;
      },
      ...(this.isStored
        ? {
            openApplication: (environment) =>
              (this.kept ??= openApplication(environment, this.added.modules)),
          }
        : {}),
      ...more,
    };
    const exitCode = await runCommand(words.split(' ').filter(Boolean), terminal, [
      ...declarationsIn(terminal.environment),
      ...this.added.declarations,
    ]);
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
export function useCountersign(...parameters: Parameters<typeof Countersign.keptOpen>): Countersign {
  return useFixture(() => Countersign.keptOpen(...parameters), { close: (made) => made.close() });
}
