import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { Agent } from 'undici';
import { LedgerAnswers } from '@countersign/account';
import { KeyRing } from '@countersign/crypto';
import { migrate, Notifications, RecurringJobs } from '@countersign/database';
import { FakeTelegram } from '@countersign/fake-telegram';
import { RingCheck, Rewrapping } from '@countersign/keys';
import { startPrivatePostgres, type PrivatePostgres } from '@countersign/private-postgres';
import { SlideWriter } from '@countersign/sessions';
import { DeliveryWorker } from '@countersign/webhooks';
import { drain } from '../../apps/api/src/http/server/draining';
import { FakeClock } from '../support/fake-clock';
import { patience } from '../runner/patience.cjs';
import { startNest } from '../support/start-nest';
import { TcpProxy } from '../support/tcp-proxy';
import { ALLOW_RECEIVERS, WebhookReceiver } from '../support/webhooks';
import { productOptionsOf } from '../support/test-app';
import { setHurried, setTime } from './seeded.cjs';
import { given } from './random';
import { Ring } from './ring';

const TEMPLATE = 'simulator_template';
const MARKS = 'countersign_simulator_marks';
const LONGEST_WAIT_MS = 30_000 * patience;
/** The end of a replica whose database is cut takes this long at most. */
const CLOSING_MS = 8_000;
const FIRST_INSTANT = Date.UTC(2030, 0, 1);

/** One disposable PostgreSQL for all histories of a run, with a migrated template. */
export class DatabaseServer {
  private constructor(
    private readonly postgres: PrivatePostgres,
    private readonly client: Client,
  ) {}

  static async start(): Promise<DatabaseServer> {
    const baseDirectory = await mkdtemp(join(tmpdir(), 'countersign-simulator-'));
    const postgres = await startPrivatePostgres({
      baseDirectory,
      durability: 'disposable',
      log: () => undefined,
    });
    const client = await connected(postgres.url);
    const server = new DatabaseServer(postgres, client);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(server.urlOf(TEMPLATE));
    return server;
  }

  urlOf(name: string): string {
    return Object.assign(new URL(this.postgres.url), { pathname: `/${name}` }).href;
  }

  /** A copy of a database to which nothing is connected. */
  async create(name: string, template: string | null = TEMPLATE): Promise<void> {
    await this.drop(name);
    const source = template === null ? '' : ` TEMPLATE ${template} STRATEGY FILE_COPY`;
    await this.client.query(`CREATE DATABASE ${name}${source}`);
  }

  async drop(name: string): Promise<void> {
    await this.client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.postgres.stop();
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** What the loop of `DeliveryWorker` does and waits for. */
interface DeliveryRounds {
  claim(): Promise<unknown>;
  readonly attemptsInFlight: ReadonlySet<Promise<void>>;
}

/** How a commit of a replica is disturbed. `before`: it never arrives. `after`: its answer is lost. */
export type Cut = 'before' | 'after';

/** One replica of the product, with its own network to the database. */
export class Replica {
  private cut: { readonly how: Cut; left: number; readonly kills: boolean } | null = null;
  private frozen: Promise<boolean> | null = null;
  private thaw: () => void = () => undefined;
  /** A commit was disturbed since the fault was armed. */
  hasCut = false;

  private constructor(
    readonly nest: NestFastifyApplication,
    private readonly servers: Readonly<Record<Listener, Server>>,
    private readonly line: TcpProxy,
    private readonly listening: TcpProxy,
    readonly databaseClock: { setAhead(seconds: number): void },
    private readonly marks: Set<string>,
    /** Errors that it logged. */
    readonly logLines: readonly string[],
  ) {}

  static async start(stage: Stage): Promise<Replica> {
    const [line, listening] = [await TcpProxy.start(stage.url), await TcpProxy.start(stage.url)];
    const { clock, telegram } = stage;
    const keys = stage.ring.text;
    const environment = {
      DATABASE_URL: line.url,
      DATABASE_DIRECT_URL: listening.url,
      DATABASE_POOLING: 'session',
      ERASURE_LEDGER: stage.ledgerUrl,
      LOG_LEVEL: 'error',
      ...ALLOW_RECEIVERS,
    };
    const database = { url: line.url, directUrl: line.url };
    const product = productOptionsOf(database as never, { keys, clock, telegram, environment });
    const marks = new Set<string>();
    const { nest, gateway, admin } = await startNest({
      ...product,
      prepare: (made) =>
        made
          .get(Notifications)
          .subscribe(MARKS, { onMessage: (mark) => marks.add(mark), onGap: () => undefined }),
    });
    const servers = { public: nest.getHttpServer(), gateway, admin };
    const replica = new Replica(
      nest,
      servers,
      line,
      listening,
      product.databaseClock,
      marks,
      product.logLines,
    );
    line.tap = (bytes, direction, socket) => replica.passes(bytes, direction, () => socket.resetAndDestroy());
    return replica;
  }

  portOf(listener: Listener): number {
    return (this.servers[listener].address() as AddressInfo).port;
  }

  get isListening(): boolean {
    return this.nest.get(Notifications).isLive;
  }

  get jobs(): RecurringJobs['all'] {
    return this.nest.get(RecurringJobs).all;
  }

  /** What a timer does every second: rows that another replica has locked are written by a later round. */
  async flushSlides(): Promise<void> {
    const writer = this.nest.get(SlideWriter);
    await until('a replica writes uses', () => writer.flush(false));
  }

  /** A round of the loop that delivers webhooks, which does not run by itself. */
  async deliverWebhooks(): Promise<void> {
    const worker = this.nest.get<DeliveryRounds>(DeliveryWorker);
    await worker.claim().catch(() => undefined);
    await Promise.all(worker.attemptsInFlight);
  }

  /** What SIGHUP does. */
  async useRing(text: string): Promise<void> {
    await this.nest.get(RingCheck).verify(KeyRing.parse(text));
  }

  /** `countersign keys rewrap`. @returns where values are left; null where it failed */
  async rewrap(): Promise<readonly string[] | null> {
    setHurried(true);
    try {
      await this.nest.get(RingCheck).verify();
      const { works } = await this.nest.get(Rewrapping).run();
      return works.flatMap(({ work, remaining }) => (remaining === 0 ? [] : [work]));
    } catch {
      return null;
    } finally {
      setHurried(false);
    }
  }

  hasHeard(mark: string): boolean {
    return this.marks.has(mark);
  }

  /** @param commit which of the next commits: 1 is the first */
  arm(how: Cut, commit: number, kills: boolean): void {
    this.cut = { how, left: commit, kills };
    this.hasCut = false;
  }

  /** The transaction that commits next stands still until `disarm`. */
  freeze(): void {
    this.frozen = new Promise((resolve) => (this.thaw = () => resolve(true)));
    this.hasCut = false;
  }

  disarm(): void {
    this.cut = null;
    this.frozen = null;
    this.thaw();
  }

  private passes(
    bytes: Buffer,
    direction: 'to-server' | 'to-client',
    reset: () => void,
  ): boolean | Promise<boolean> {
    const { cut, frozen } = this;
    if (frozen && !this.hasCut && direction === 'to-server' && bytes.includes('COMMIT')) {
      this.hasCut = true;
      return frozen;
    }
    if (!cut) return true;
    if (cut.left > 0 && direction === 'to-server' && bytes.includes('COMMIT')) {
      cut.left -= 1;
      if (cut.left > 0 || cut.how === 'after') return true;
    } else if (cut.left > 0 || direction === 'to-server' || this.hasCut) return true;
    this.hasCut = true;
    if (cut.kills) void this.line.cut();
    else reset();
    return false;
  }

  /** Nothing of its LISTEN connection comes through until `hear`. */
  async deafen(): Promise<void> {
    await this.listening.cut();
    await until('a replica notices that it hears nothing', () => !this.isListening);
  }

  async hear(): Promise<void> {
    await this.listening.restore();
    await until('a replica listens again', () => this.isListening);
  }

  /** As `kill -9`, as far as the database and clients can tell. */
  async kill(): Promise<void> {
    await Promise.all([this.line.cut(), this.listening.cut()]);
    for (const server of Object.values(this.servers)) server.closeAllConnections();
  }

  async close(): Promise<void> {
    const closed = Promise.all(Object.values(this.servers).map((server) => drain(server))).then(() =>
      this.nest.close(),
    );
    await Promise.race([closed, sleep(CLOSING_MS, undefined, { ref: false })]);
    await Promise.all([this.line.cut(), this.listening.cut()]);
  }
}

export type Listener = 'public' | 'gateway' | 'admin';

/** Everything around the participants of one history: two replicas, their database, the ledger, Telegram and the clock. */
export class Stage {
  readonly clock = new FakeClock(new Date(FIRST_INSTANT));
  readonly telegram = new FakeTelegram();
  readonly ring = new Ring();
  readonly agent = new Agent({ keepAliveTimeout: 60_000, connections: 4 });
  replicas: Replica[] = [];
  isLedgerAway = false;
  private client: Client;
  private ledger: TcpProxy;
  receiver: WebhookReceiver;
  private marks = 0;
  /** The ends of killed replicas, which change nothing any more. */
  private readonly killed: Promise<void>[] = [];

  private constructor(
    private readonly server: DatabaseServer,
    private readonly name: string,
  ) {}

  static async open(server: DatabaseServer, name: string): Promise<Stage> {
    const stage = new Stage(server, name);
    setTime(FIRST_INSTANT);
    await server.create(name);
    await server.create(`${name}_ledger`, null);
    stage.ledger = await TcpProxy.start(server.urlOf(`${name}_ledger`));
    stage.client = await connected(stage.url);
    stage.receiver = await WebhookReceiver.start();
    await stage.startReplicas();
    return stage;
  }

  get url(): string {
    return this.server.urlOf(this.name);
  }

  get ledgerUrl(): string {
    return this.ledger.url;
  }

  /** Seconds since 1970. */
  get now(): number {
    return this.clock.now().getTime() / 1_000;
  }

  advance(seconds: number): void {
    this.clock.advance(seconds);
    setTime(this.clock.now().getTime());
  }

  async query<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query(text, [...parameters])).rows as Row[];
  }

  /** In one round trip. */
  async queryAll(texts: readonly string[]): Promise<readonly (readonly never[])[]> {
    const results = (await this.client.query(texts.join(';'))) as unknown as readonly {
      readonly rows: never[];
    }[];
    return results.map(({ rows }) => rows);
  }

  replica(index: number): Replica {
    return given(this.replicas[index % this.replicas.length]);
  }

  private async startReplicas(): Promise<void> {
    this.replicas = [await Replica.start(this), await Replica.start(this)];
    await until('both replicas listen', () => this.replicas.every(({ isListening }) => isListening));
  }

  /** Another process takes its place, with an empty memory. */
  async replace(index: number): Promise<void> {
    const killed = this.replica(index);
    await killed.kill();
    this.killed.push(killed.close().catch(() => undefined));
    this.replicas[this.replicas.indexOf(killed)] = await Replica.start(this);
    await until('the new replica listens', () => this.replica(index).isListening);
  }

  /** Stops both replicas in order, and copies the database. */
  async backUp(): Promise<void> {
    await this.withoutConnections(() => this.server.create(`${this.name}_backup`, this.name));
  }

  /**
   * The database of the last backup takes the place of the present one. If the ledger asks, an operator answers that it was restored.
   * @returns whether the ledger asked
   */
  async restore(): Promise<boolean> {
    this.ring.widen();
    await this.withoutConnections(() => this.server.create(this.name, `${this.name}_backup`));
    const answers = this.replica(0).nest.get(LedgerAnswers);
    const list = await answers.list();
    if (list.state === 'fine') return false;
    await answers.restored(list.digest, []);
    return true;
  }

  private async withoutConnections(work: () => Promise<void>): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
    await this.client.end();
    await work();
    this.client = await connected(this.url);
    await this.startReplicas();
  }

  async cutLedger(): Promise<void> {
    this.isLedgerAway = true;
    await this.ledger.cut();
  }

  async restoreLedger(): Promise<void> {
    await this.ledger.restore();
    this.isLedgerAway = false;
  }

  /** Resolves when each replica that listens has heard of all that is committed, and answers that it is ready. */
  async settle(isAfterFault: boolean): Promise<void> {
    this.marks += 1;
    const mark = String(this.marks);
    await this.query('SELECT pg_notify($1, $2)', [MARKS, mark]);
    await until('the replicas hear the mark', () =>
      this.replicas.every((replica) => !replica.isListening || replica.hasHeard(mark)),
    );
    if (!isAfterFault) return;
    for (const replica of this.replicas)
      await until('a replica is ready again', async () => {
        const path = `http://127.0.0.1:${replica.portOf('public')}/health/ready`;
        return (await fetch(path).catch(() => null))?.status === 200;
      });
  }

  async close(): Promise<void> {
    await Promise.all([...this.replicas.map((replica) => replica.close()), ...this.killed]);
    await this.agent.destroy();
    await this.client.end();
    await this.ledger.cut();
    await this.receiver.stop();
    for (const suffix of ['', '_ledger', '_backup']) await this.server.drop(`${this.name}${suffix}`);
  }
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: this did not happen in time`);
    await sleep(1);
  }
}
