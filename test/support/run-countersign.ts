import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { scopesInUse, PrincipalsService } from '@countersign/admin';
import { declarations } from '../../apps/cli/src/commands/index';
import type { Terminal } from '../../apps/cli/src/call';
import { openApplication } from '../../apps/cli/src/connect';
import { describeError } from '../../apps/cli/src/describe-error';
import { runCommand } from '../../apps/cli/src/run-command';
import type { TestApp } from './test-app';
import { databaseEnvironment, type TestDatabase } from './test-database';
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
  private isStored = false;
  private principal: Promise<string> | undefined;

  constructor(
    private readonly app: {
      readonly database: Pick<TestDatabase, 'url' | 'directUrl'>;
    } & Pick<TestApp, 'keys'> &
      Partial<Pick<TestApp, 'adminServer' | 'catchUp'> & { readonly nest: INestApplicationContext }>,
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
  ): Countersign {
    const countersign = new Countersign(app, environment);
    countersign.isStored = true;
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
        ...(await this.operator(words)),
        ...this.environment,
      },
      onInterrupt: () => undefined,
      notify: () => undefined,
      readInput: () => Promise.resolve(input),
      write: (text) => {
        output += text;
      },
      ...(this.isStored
        ? {
            openApplication: (environment) => (this.kept ??= openApplication(environment)),
          }
        : {}),
      ...more,
    };
    const exitCode = await runCommand(words.split(' ').filter(Boolean), terminal);
    await this.app.catchUp?.();
    return { exitCode, output };
  }

  /** The modules of the product, on the database: for what has to be there before a service runs. */
  services(): Promise<INestApplicationContext> {
    return (this.kept ??= openApplication({
      NODE_ENV: 'test',
      ...databaseEnvironment(this.app.database),
      KEYS: this.app.keys,
      ...this.environment,
    }));
  }

  /** How the audit trail names the principal of commands of the administration API. */
  async actor(): Promise<string> {
    return `principal:${((await this.principal) ?? '').split(':', 1).join()}`;
  }

  /** For a command of the administration API, a principal of the application with all scopes. */
  private async operator(words: string): Promise<NodeJS.ProcessEnv> {
    const [group, name = ''] = words.split(' ');
    const local = declarations.find((one) => one.name === group);
    const { nest, adminServer } = this.app;
    if (local && (!('commands' in local) || name in local.commands)) return {};
    const makePrincipal = (context: INestApplicationContext): Promise<string> =>
      context
        .get(PrincipalsService)
        .create({ name: `countersign-${randomUUID()}`, scopes: scopesInUse.names }, null)
        .then(({ principal, secret }) => `${principal.id}:${secret.clientSecret}`);
    if (!nest || !adminServer) {
      this.principal ??= this.services().then(makePrincipal);
      return { COUNTERSIGN_PRINCIPAL: await this.principal };
    }
    this.principal ??= makePrincipal(nest);
    const { port } = adminServer.address() as AddressInfo;
    return { COUNTERSIGN_ADMIN_URL: `http://127.0.0.1:${port}`, COUNTERSIGN_PRINCIPAL: await this.principal };
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
