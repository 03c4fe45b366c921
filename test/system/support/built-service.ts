import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { generateKeyRing } from '@countersign/crypto';
import { FakeTelegram } from '@countersign/fake-telegram';
import { aBotToken, anInitData, aPerson, type LaunchOptions, type Person } from '../../factories';
import { patience } from '../../runner/patience.cjs';
import { Countersign } from '../../support/run-countersign';
import {
  createTestDatabase,
  databaseEnvironment,
  SMALL_CACHES,
  type TestDatabase,
} from '../../support/test-database';
import { freePort } from './program';

/** Applications by what differs from the defaults. */
const SETTINGS = {
  usual: {},
  strict: { deviceKey: { required: true } },
  /** The shortest life of access tokens that there is, in seconds. */
  brief: { session: { accessIdle: 10 } },
};

export type ApplicationName = keyof typeof SETTINGS;

interface Application {
  readonly applicationId: string;
  readonly botToken: string;
}

/** The service as it is shipped: what the build made, in a process of its own, on PostgreSQL. */
export class BuiltService {
  readonly telegram = new FakeTelegram();
  readonly applications = new Map<string, Application>();
  private process: ChildProcess | undefined;
  private output = '';

  private constructor(
    private readonly database: TestDatabase,
    readonly port: number,
  ) {}

  static async start(port: number, origins: readonly string[]): Promise<BuiltService> {
    const service = new BuiltService(await createTestDatabase(), port);
    await service.boot(origins);
    return service;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.process?.kill('SIGTERM');
    if (this.process?.exitCode === null) await once(this.process, 'exit');
    await this.database.drop();
  }

  applicationId(name: ApplicationName): string {
    return this.application(name).applicationId;
  }

  /** Init data of a launch, such as Telegram signs. */
  initDataOf(name: ApplicationName, person: Person = aPerson(), launch: LaunchOptions = {}): string {
    const { botToken } = this.application(name);
    return anInitData(this.telegram, botToken, person, { authDate: new Date(), ...launch });
  }

  private application(name: ApplicationName): Application {
    const found = this.applications.get(name);
    if (!found) throw new Error(`there is no application ${name}`);
    return found;
  }

  private async boot(origins: readonly string[]): Promise<void> {
    const keys = JSON.stringify(generateKeyRing());
    const countersign = new Countersign({ database: this.database, keys });
    for (const [name, settings] of Object.entries(SETTINGS)) {
      const botToken = aBotToken();
      const { applicationId } = await countersign.json<Application>('application create --name Test');
      await countersign.run(
        `application set ${applicationId} --settings-stdin`,
        JSON.stringify({ ...settings, origins }),
      );
      await countersign.run(
        `bot add --application ${applicationId} --username test_bot --token-stdin`,
        botToken,
      );
      this.applications.set(name, { applicationId, botToken });
    }
    const bots = [...this.applications.values()].map(({ botToken }) => botToken.split(':', 1).join());
    await this.launch({
      NODE_ENV: 'test',
      ...SMALL_CACHES,
      ...databaseEnvironment(this.database),
      KEYS: keys,
      PORT: String(this.port),
      GATEWAY_PORT: String(await freePort()),
      DEMO_TELEGRAM_KEY: bots.map((bot) => `${bot}:${this.telegram.publicKeyHex}`).join(),
      JOBS: 'off',
      PATIENCE: String(patience),
    });
  }

  /** Builds first, where the sources have changed. */
  private async launch(environment: Record<string, string>): Promise<void> {
    const service = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: join(__dirname, '../../..'),
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], ...environment },
    });
    this.process = service;
    const ended = once(service, 'exit');
    const listening = new Promise<void>((resolve) => {
      for (const stream of [service.stdout, service.stderr])
        stream.on('data', (text: Buffer) => {
          this.output = (this.output + text.toString('utf8')).slice(-10_000);
          if (this.output.includes('"listening"')) resolve();
        });
    });
    const failure = ended.then(() => Promise.reject(new Error(`it ended early: ${this.output}`)));
    await Promise.race([listening, failure]);
    failure.catch(() => undefined);
  }
}
