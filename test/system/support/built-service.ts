import { generateKeyRing } from '@countersign/crypto';
import { FakeTelegram } from '@countersign/fake-telegram';
import { anInitData, aPerson, type LaunchOptions, type Person } from '../../factories';
import { patience } from '../../runner/patience.cjs';
import { Countersign } from '../../support/run-countersign';
import { createTestDatabase, databaseEnvironment, type TestDatabase } from '../../support/test-database';
import { anApplication, type Application } from './application';
import { freePort, startScript, type RunningScript } from './program';

/** Applications by what differs from the defaults. */
const SETTINGS = {
  usual: {},
  strict: { deviceKey: { required: true } },
};

export type ApplicationName = keyof typeof SETTINGS;

/** The built service in its own process, on PostgreSQL. */
export class BuiltService {
  readonly telegram = new FakeTelegram();
  private readonly applications = new Map<string, Application>();
  private script: RunningScript | undefined;

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
    this.script?.child.kill('SIGTERM');
    await this.script?.ended;
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
    const countersign = Countersign.keptOpen({ database: this.database, keys });
    for (const [name, settings] of Object.entries(SETTINGS))
      this.applications.set(name, await anApplication(countersign, { ...settings, origins }));
    await countersign.close();
    const bots = [...this.applications.values()].map(({ botToken }) => botToken.split(':', 1).join());
    // Builds first, where the sources have changed.
    const environment = {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      NODE_ENV: 'test',
      ...databaseEnvironment(this.database),
      KEYS: keys,
      PORT: String(this.port),
      GATEWAY_PORT: String(await freePort()),
      DEMO_TELEGRAM_KEY: bots.map((bot) => `${bot}:${this.telegram.publicKeyHex}`).join(),
      JOBS: 'off',
      PATIENCE: String(patience),
    };
    this.script = await startScript(['scripts/start.mjs'], environment, '"listening"');
  }
}
