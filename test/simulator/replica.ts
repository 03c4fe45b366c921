import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyRing } from '@countersign/crypto';
import { Notifications, RecurringJobs } from '@countersign/database';
import { RingCheck, Rewrapping } from '@countersign/keys';
import { SlideWriter } from '@countersign/sessions';
import { DeliveryWorker } from '@countersign/webhooks';
import { drain } from '../../apps/api/src/http/server/draining';
import { ISSUER } from '../support/openid';
import { patience } from '../runner/patience.cjs';
import { startNest } from '../support/start-nest';
import { TcpProxy } from '../support/tcp-proxy';
import { ALLOW_RECEIVERS } from '../support/webhooks';
import { productOptionsOf } from '../support/test-app';
import { setHurried } from './seeded.cjs';
import type { Stage } from './stage';

export const MARKS = 'countersign_simulator_marks';

const LONGEST_WAIT_MS = 30_000 * patience;

/** The end of a replica whose database is cut takes this long at most. */
const CLOSING_MS = 8_000;

/** The parts of `DeliveryWorker` that its loop calls. */
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
    readonly servers: Readonly<Record<Listener, Server>>,
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
      PUBLIC_URL: ISSUER,
      CUSTODY_SOCKET: stage.custody.socket,
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

  /** A timer does this every second. A later round writes the rows that another replica has locked now. */
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

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: this did not happen in time`);
    await sleep(1);
  }
}
