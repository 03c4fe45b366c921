import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { Configuration, SideTasks, within } from '@countersign/runtime';
import { KEEP_ALIVE, settingStatements } from '../connections/server-limits';
import { afterCommit } from '../transactions/transactions';

const HEARTBEAT_MS = 500;
const SILENCE_MS = 2_000;
const RECONNECT_MS = 250;
const WHICH_DATABASE =
  'SELECT current_database()::text AS name, extract(epoch FROM pg_postmaster_start_time())::text AS since';

/** `DATABASE_DIRECT_URL` is not the database of `DATABASE_URL`, so no message would arrive. */
class OtherDatabaseError extends Error {
  override readonly name = 'OtherDatabaseError';
}

export interface Subscription {
  onMessage(payload: string): void;
  /** The same message, if this process sent it: it arrives directly after the commit. */
  onSent?(payload: string): void;
  /** Messages may have been missed, so their absence proves nothing. */
  onGap(): void;
}

/**
 * PostgreSQL LISTEN on its own direct connection: a pooler in transaction mode would lose it. A heartbeat distinguishes
 * silence from a broken connection. PostgreSQL delivers pending notifications before it answers a statement. So an
 * answered heartbeat proves that all earlier commits have arrived.
 */
@Injectable()
export class Notifications implements OnApplicationShutdown {
  private readonly subscriptions = new Map<string, Subscription[]>();
  private readonly stopping = new AbortController();
  private isCompared = false;
  private isListening = false;
  private heardAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | null = null;
  private readonly silenceMs: number;

  constructor(
    private readonly configuration: Configuration,
    private readonly dataSource: DataSource,
    private readonly tasks: SideTasks,
  ) {
    this.silenceMs = SILENCE_MS * configuration.patience;
  }

  /** `start` listens to the channels that are subscribed by then. */
  subscribe(channel: string, subscription: Subscription): void {
    this.subscriptions.set(channel, [...(this.subscriptions.get(channel) ?? []), subscription]);
  }

  /** The commit notifies every replica. */
  async send(tx: EntityManager, channel: string, payload: string): Promise<void> {
    afterCommit(tx, () => {
      for (const subscription of this.subscriptions.get(channel) ?? []) subscription.onSent?.(payload);
    });
    await tx.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  /** Whether nothing was missed: the connection answered within the last two seconds. */
  get isLive(): boolean {
    return this.isListening && performance.now() - this.heardAt < this.silenceMs;
  }

  /** Resolves after the first attempt. From then on it reconnects by itself. */
  async start(): Promise<void> {
    if (this.running) return;
    await new Promise<void>((tried) => {
      this.running = this.listenForEver(tried);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async listenForEver(tried: () => void): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const client = this.connection();
      try {
        await within(this.silenceMs, this.open(client));
        tried();
        await this.beat(client);
      } catch (error) {
        this.tasks.failed('notifications', error);
      } finally {
        this.isListening = false;
        this.announceGap();
        tried();
        client.end().catch(() => undefined);
      }
      await this.pause(RECONNECT_MS);
    }
  }

  private connection(): Client {
    const client = new Client({
      connectionString: this.configuration.databaseDirectUrl,
      application_name: 'countersign-listen',
      connectionTimeoutMillis: this.silenceMs,
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload }) => {
      this.heardAt = performance.now();
      for (const subscription of this.subscriptions.get(channel) ?? []) subscription.onMessage(payload ?? '');
    });
    client.on('error', () => {
      this.isListening = false;
    });
    return client;
  }

  private async open(client: Client): Promise<void> {
    await client.connect();
    if (!this.isCompared) await this.compareDatabases(client);
    await client.query(settingStatements(KEEP_ALIVE, 'SET').join('; '));
    for (const channel of this.subscriptions.keys())
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    this.announceGap();
    this.heardAt = performance.now();
    this.isListening = true;
    this.tasks.succeeded('notifications');
  }

  /** Compares once: later it would wait for the busy pool. */
  private async compareDatabases(client: Client): Promise<void> {
    const { rows } = await client.query(WHICH_DATABASE);
    if (!isDeepStrictEqual(rows, await this.dataSource.query(WHICH_DATABASE))) throw new OtherDatabaseError();
    this.isCompared = true;
  }

  private async beat(client: Client): Promise<void> {
    await this.pause(HEARTBEAT_MS);
    while (!this.stopping.signal.aborted) {
      await within(this.silenceMs - HEARTBEAT_MS, client.query('SELECT 1'));
      this.heardAt = performance.now();
      await this.pause(HEARTBEAT_MS);
    }
  }

  private announceGap(): void {
    for (const subscription of [...this.subscriptions.values()].flat()) subscription.onGap();
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
  }
}
