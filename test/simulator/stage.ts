import type { Client } from 'pg';
import { Agent } from 'undici';
import { LedgerAnswers } from '@countersign/account';
import { FakeTelegram } from '@countersign/fake-telegram';
import { startCustody } from '../../apps/custody/src/custody';
import { TestCustody } from '../support/custody';
import { FakeClock } from '../support/fake-clock';
import { TcpProxy } from '../support/tcp-proxy';
import { WebhookReceiver } from '../support/webhooks';
import { setTime } from './seeded.cjs';
import { given } from './random';
import { Ring } from './ring';
import { type DatabaseServer, connected } from './database-server';
import { MARKS, Replica, until } from './replica';

const FIRST_INSTANT = Date.UTC(2030, 0, 1);

/** Everything around the participants of one history: two replicas, their database, the ledger, Telegram and the clock. */
export class Stage {
  readonly clock = new FakeClock(new Date(FIRST_INSTANT));
  readonly telegram = new FakeTelegram();
  readonly ring = new Ring();
  readonly agent = new Agent({ keepAliveTimeout: 60_000, connections: 4 });
  replicas: Replica[] = [];
  isLedgerAway = false;
  isRestored = false;
  custody: TestCustody;
  private signing: { close(): Promise<void> };
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
    stage.custody = await TestCustody.prepare();
    stage.custody.page.now = () => stage.clock.now();
    const environment = { ...stage.custody.environment, LOG_LEVEL: 'silent' };
    stage.signing = await startCustody(environment, { clock: stage.clock, isDevelopment: true });
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
    this.isRestored = true;
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
    await this.signing.close();
    await this.custody.close();
    for (const suffix of ['', '_ledger', '_backup']) await this.server.drop(`${this.name}${suffix}`);
  }
}
