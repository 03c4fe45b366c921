import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Configuration, SideTasks, within } from '@countersign/runtime';
import { createRedisClient } from './redis-client';

/** For one command of a request. */
const COMMAND_TIMEOUT_MS = 100;
/** For a connection attempt, which blocks no request. */
const CONNECT_TIMEOUT_MS = 2_000;
const PAUSE_MS = 1_000;
const PREFIX = 'countersign:';

interface Connection {
  readonly client: Redis;
  /** Aborted with the reason when the connection becomes unusable. */
  readonly lost: AbortController;
}

/** Redis, if `REDIS_URL` is set. A failure disables it, so no request waits for it. A probe enables it again. */
@Injectable()
export class SharedStore implements OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private current: Connection | null = null;

  constructor(
    private readonly configuration: Configuration,
    private readonly tasks: SideTasks,
  ) {}

  get isWanted(): boolean {
    return this.configuration.redisUrl !== null;
  }

  get isLive(): boolean {
    return this.current !== null;
  }

  /** Resolves after the first connection attempt. From then on it reconnects by itself. */
  async start(): Promise<void> {
    const { redisUrl } = this.configuration;
    if (redisUrl === null || this.running) return;
    await new Promise<void>((tried) => {
      this.running = this.keepConnected(redisUrl, tried);
    });
  }

  /** @param command gets the prefix for its keys @returns undefined without an answer of Redis within 100 ms */
  async ask<T>(command: (client: Redis, prefix: string) => Promise<T>): Promise<T | undefined> {
    const connection = this.current;
    if (!connection) return undefined;
    try {
      const limit = COMMAND_TIMEOUT_MS * this.configuration.patience;
      return await within(limit, command(connection.client, PREFIX));
    } catch (error) {
      this.lose(connection, error);
      return undefined;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async keepConnected(url: string, tried: () => void): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const connection: Connection = { client: createRedisClient(url), lost: new AbortController() };
      connection.client.on('error', (error) => this.lose(connection, error));
      connection.client.on('close', () => this.lose(connection, new Error('the connection ended')));
      try {
        await within(CONNECT_TIMEOUT_MS * this.configuration.patience, this.open(connection));
        tried();
        await this.beat(connection);
      } catch (error) {
        this.lose(connection, error);
      }
      this.current = null;
      connection.client.disconnect();
      tried();
      await this.pause(this.stopping.signal);
    }
  }

  private async open(connection: Connection): Promise<void> {
    await connection.client.connect();
    await probe(connection.client);
    connection.lost.signal.throwIfAborted();
    this.current = connection;
    this.tasks.succeeded('redis');
  }

  private async beat({ client, lost }: Connection): Promise<void> {
    const signal = AbortSignal.any([lost.signal, this.stopping.signal]);
    while (!signal.aborted) {
      await within(COMMAND_TIMEOUT_MS * this.configuration.patience, probe(client));
      await this.pause(signal);
    }
  }

  private lose(connection: Connection, cause: unknown): void {
    if (connection.lost.signal.aborted) return;
    connection.lost.abort();
    if (this.current === connection) this.current = null;
    if (!this.stopping.signal.aborted) this.tasks.failed('redis', cause, { reply: replyCode(cause) });
  }

  private async pause(signal: AbortSignal): Promise<void> {
    await sleep(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Writes like a request: a Redis that responds but rejects writes (a read-only replica, a full one) is useless. */
async function probe(client: Redis): Promise<void> {
  await client.countersignWindow(`${PREFIX}probe`, Number.MAX_SAFE_INTEGER, PAUSE_MS, 'consume');
}

/** The first word of a Redis error reply (`WRONGPASS`, `READONLY`). The rest may quote the command. */
function replyCode(error: unknown): string | undefined {
  const isReply = error instanceof Error && error.name === 'ReplyError';
  return isReply ? /^[A-Z]+\b/.exec(error.message)?.[0] : undefined;
}
