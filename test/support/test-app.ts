import { randomUUID } from 'node:crypto';
import { Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type request from 'supertest';
import { AccountService } from '@countersign/account';
import { ApplicationsService, BotsService, type NewBot, type Trust } from '@countersign/applications';
import { generateKeyRing } from '@countersign/crypto';
import { Notifications } from '@countersign/database';
import { SlideWriter } from '@countersign/sessions';
import { FakeTelegram } from '@countersign/fake-telegram';
import { drain } from '../../apps/api/src/http/server/draining';
import {
  aBotToken,
  anInitData,
  aPerson,
  type LaunchOptions,
  type Person,
  type SignInBody,
} from '../factories';
import { FakeClock, FakeDatabaseClock } from './fake-clock';
import { patience } from '../runner/patience.cjs';
import './all-features';
import { createTestDatabase, databaseEnvironment, type TestDatabase } from './test-database';
import { overKeptConnections } from './kept-connections';
import { startNest } from './start-nest';
import { until } from './until';

const MARKS_CHANNEL = 'countersign_test_marks';

/** What a replica heard on the channel of marks. */
interface Heard {
  readonly marks: Set<string>;
  /** How often messages may have been missed. */
  gaps: number;
}

export interface Demo {
  readonly applicationId: string;
  readonly botId: string;
  readonly botToken: string;
}

export interface TestAppOptions {
  /** A database to share with another app; its own by default. */
  readonly database?: TestDatabase;
  readonly keys?: string;
  readonly clock?: FakeClock;
  readonly telegram?: FakeTelegram;
  readonly environment?: Record<string, string>;
  /** Beside those of the product. */
  readonly modules?: readonly (Type | DynamicModule)[];
}

export interface ApplicationOptions {
  readonly trust?: Trust;
  readonly origins?: string[];
  readonly settings?: object;
  readonly bot?: Partial<NewBot>;
}

/** How the product is started on a database in tests. */
export function productOptionsOf(
  database: TestDatabase,
  options: TestAppOptions & { readonly keys: string },
) {
  const { clock = new FakeClock(), telegram = new FakeTelegram(), modules = [] } = options;
  const variables = {
    NODE_ENV: 'test',
    ...databaseEnvironment(database),
    KEYS: options.keys,
    JOBS: 'off',
    LOG_LEVEL: 'debug',
    PATIENCE: String(patience),
    ...options.environment,
  };
  const logLines: string[] = [];
  return {
    ...{ variables, clock, telegram, modules, logLines },
    databaseClock: new FakeDatabaseClock(clock),
  };
}

/** The real application on real PostgreSQL, with the clock and Telegram's signing key replaced. */
export class TestApp {
  private static readonly running = new Set<TestApp>();
  private readonly connections = new Agent({ keepAlive: true });

  private constructor(
    readonly nest: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly clock: FakeClock,
    readonly telegram: FakeTelegram,
    readonly keys: string,
    readonly logLines: readonly string[],
    private readonly environment: Record<string, string>,
    private readonly ownsDatabase: boolean,
    readonly gatewayServer: Server,
    readonly adminServer: Server,
    private readonly heard: Heard,
    readonly databaseClock: FakeDatabaseClock,
    private readonly modules: readonly (Type | DynamicModule)[],
  ) {}

  static async start(options: TestAppOptions = {}): Promise<TestApp> {
    const database = options.database ?? (await createTestDatabase());
    try {
      return await TestApp.startOn(database, options);
    } catch (error) {
      // The error of the start is the one to see.
      if (!options.database) await database.drop().catch(() => undefined);
      throw error;
    }
  }

  private static async startOn(database: TestDatabase, options: TestAppOptions): Promise<TestApp> {
    const { environment = {} } = options;
    const keys = options.keys ?? JSON.stringify(generateKeyRing());
    const heard: Heard = { marks: new Set(), gaps: 0 };
    const product = productOptionsOf(database, { ...options, keys });
    const { clock, telegram, logLines, databaseClock, modules } = product;
    const { nest, gateway, admin } = await startNest({
      ...product,
      prepare: (made) => {
        made.get(Notifications).subscribe(MARKS_CHANNEL, {
          onMessage: (mark) => heard.marks.add(mark),
          onGap: () => (heard.gaps += 1),
        });
      },
    });
    const app = new TestApp(
      nest,
      database,
      clock,
      telegram,
      keys,
      logLines,
      environment,
      options.database === undefined,
      gateway,
      admin,
      heard,
      databaseClock,
      modules,
    );
    TestApp.running.add(app);
    return app;
  }

  /** Another process over the same database, as far as a test can tell. */
  startReplica(): Promise<TestApp> {
    const { database, keys, clock, telegram, environment, modules } = this;
    return TestApp.start({ database, keys, clock, telegram, environment, modules });
  }

  /** A replica that is closed after the work, also when that fails. */
  async withReplica<T>(work: (replica: TestApp) => Promise<T>): Promise<T> {
    const replica = await this.startReplica();
    try {
      return await work(replica);
    } finally {
      await replica.close();
    }
  }

  get http(): ReturnType<typeof request> {
    return overKeptConnections(this.nest.getHttpServer(), this.connections);
  }

  /** The listener for the API gateway. */
  get gateway(): ReturnType<typeof request> {
    return overKeptConnections(this.gatewayServer, this.connections);
  }

  get gatewayPort(): number {
    return (this.gatewayServer.address() as AddressInfo).port;
  }

  /** The listener for operators. */
  get admin(): ReturnType<typeof request> {
    return overKeptConnections(this.adminServer, this.connections);
  }

  /** Asks the gateway's check about an access token. */
  check(accessToken: string, query = ''): request.Test {
    return this.gateway.get(`/v1/gateway/authorize${query}`).set('authorization', `Bearer ${accessToken}`);
  }

  get port(): number {
    return (this.nest.getHttpServer().address() as AddressInfo).port;
  }

  get isListening(): boolean {
    return this.nest.get(Notifications).isLive;
  }

  /**
   * Resolves when all replicas have heard of everything that was committed before: PostgreSQL delivers notifications in the
   * order of the commits. Does not wait for those that hear nothing at all.
   */
  async catchUp(): Promise<void> {
    await TestApp.catchUpOn(this.database);
  }

  /** Like `catchUp`, for whatever runs on a database. */
  static async catchUpOn(database: TestDatabase): Promise<void> {
    const mark = randomUUID();
    const replicas = [...TestApp.running]
      .filter((replica) => replica.database.name === database.name)
      .map((replica) => ({ replica, gapsBefore: replica.heard.gaps }));
    await database.query('SELECT pg_notify($1, $2)', [MARKS_CHANNEL, mark]);
    // A replica that lost its connection meanwhile never hears the mark, and has dropped what it had in memory.
    await until(() =>
      replicas.every(
        ({ replica, gapsBefore }) =>
          !replica.isListening || replica.heard.marks.has(mark) || replica.heard.gaps > gapsBefore,
      ),
    );
  }

  async close(): Promise<void> {
    TestApp.running.delete(this);
    try {
      await Promise.all(
        [this.gatewayServer, this.adminServer, this.nest.getHttpServer()].map((server: Server) =>
          drain(server),
        ),
      );
      await this.nest.close();
    } finally {
      this.connections.destroy();
      if (this.ownsDatabase) await this.database.drop();
    }
  }

  /** An application with one active Telegram bot, which takes the Login Widget too. */
  async createApplication(wanted: ApplicationOptions = {}): Promise<Demo> {
    const { applicationId } = await this.nest
      .get(ApplicationsService)
      .create({ name: 'Test', trust: wanted.trust ?? 'first-party', origins: wanted.origins ?? [] });
    const settings = { loginWidget: { accept: true }, ...wanted.settings };
    await this.changeSettings(applicationId, settings);
    return { applicationId, ...(await this.addBot(applicationId, wanted.bot)) };
  }

  async addBot(
    applicationId: string,
    wanted: Partial<NewBot> = {},
  ): Promise<{ botId: string; botToken: string }> {
    const botToken = wanted.token ?? aBotToken();
    const { botId } = await this.nest.get(BotsService).add({
      applicationId,
      provider: 'telegram',
      environment: 'production',
      username: 'test_bot',
      signaturePolicy: 'required',
      ...wanted,
      token: botToken,
    });
    // What it hears of its own change later on would make it read again, at any moment of a test.
    await this.catchUp();
    return { botId, botToken };
  }

  /** The application with an OpenWeb3 bot of its own, beside what it has. */
  async addOpenWeb3Bot({ applicationId }: Demo): Promise<Demo> {
    return { applicationId, ...(await this.addBot(applicationId, { provider: 'openweb3' })) };
  }

  get accounts(): AccountService {
    return this.nest.get(AccountService);
  }

  get bots(): BotsService {
    return this.nest.get(BotsService);
  }

  async changeSettings(applicationId: string, settings: object = {}): Promise<void> {
    await this.nest.get(ApplicationsService).change(applicationId, { settings });
  }

  get applications(): ApplicationsService {
    return this.nest.get(ApplicationsService);
  }

  /** Whether so many statements with this text, quotes of names apart, wait for a lock. */
  async isWaitingFor(text: string, count = 1, forMs = 0): Promise<boolean> {
    const waiting = await this.database.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'
         AND strpos(replace(query, '"', ''), $1) > 0 AND pid <> pg_backend_pid()
         AND clock_timestamp() - query_start >= $2 * interval '1 millisecond'`,
      [text, forMs],
    );
    return waiting.length >= count;
  }

  /** What the timer does every second. */
  async flushSlides(): Promise<void> {
    await this.nest.get(SlideWriter).flush(false);
  }

  /** Init data of a launch of this application's Mini App, now. */
  initDataOf(demo: Demo, person: Person = aPerson(), launch: LaunchOptions = {}): string {
    return anInitData(this.telegram, demo.botToken, person, { authDate: this.clock.now(), ...launch });
  }

  postSignIn(body: object): request.Test {
    return this.http.post('/v1/auth/telegram/init-data').send(body);
  }

  /** Signs a person in with a fresh proof and answers the body. */
  async signIn(demo: Demo, person: Person = aPerson(), extra: object = {}): Promise<SignInBody> {
    const answer = await this.postSignIn({
      applicationId: demo.applicationId,
      initData: this.initDataOf(demo, person),
      ...extra,
    });
    if (answer.status !== 200)
      throw new Error(`sign-in answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as SignInBody;
  }

  getMe(accessToken: string): request.Test {
    return this.http.get('/v1/me').set('authorization', `Bearer ${accessToken}`);
  }

  refresh(refreshToken: string, extra: object = {}): request.Test {
    return this.http.post('/v1/auth/refresh').send({ refreshToken, ...extra });
  }
}
