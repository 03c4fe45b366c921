import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Configuration, Logger, type SideTask, SideTasks } from '@countersign/runtime';
import { isDatabaseAway } from '../database.errors';
import { clientsOf, streamOf } from './pg-internals';
import { ask, isAnswer } from './probe';
import { poolOf } from './typeorm-internals';

const LOOK_EVERY_MS = 250;
/** Longer work triggers a probe, if no other work ends meanwhile. */
const SUSPICIOUS_MS = 500;

interface RunningWork {
  readonly since: number;
  abandon: (reason: Error) => void;
}

/**
 * Notices a silent server within two seconds. If packets are lost, connections report no error, and responses never
 * arrive. A timeout on every statement would be too late, or too short for a wait for a lock. So when nothing moves, a
 * separate connection probes the server. Without an answer, all waiting work fails, and new calls fail at once until
 * the server answers again.
 */
@Injectable()
export class Reachability implements OnModuleInit, OnApplicationShutdown {
  private readonly running = new Set<RunningWork>();
  private readonly stopping = new AbortController();
  private heardAt = Number.NEGATIVE_INFINITY;
  private isSilent = false;
  private readonly loop: SideTask;

  constructor(
    private readonly dataSource: DataSource,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    tasks: SideTasks,
  ) {
    this.loop = tasks.loop('database-probe', async () => {
      await this.look();
      return LOOK_EVERY_MS;
    });
  }

  onModuleInit(): void {
    this.loop.start(LOOK_EVERY_MS);
  }

  onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    return this.loop.stop();
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.isSilent) throw silence();
    const running: RunningWork = { since: performance.now(), abandon: () => undefined };
    const abandoned = new Promise<never>((_, reject) => {
      running.abandon = reject;
    });
    this.running.add(running);
    try {
      const result = await Promise.race([work(), abandoned]);
      this.heardAt = performance.now();
      return result;
    } catch (error) {
      if (!isDatabaseAway(error)) this.heardAt = performance.now();
      throw error;
    } finally {
      this.running.delete(running);
    }
  }

  private async look(): Promise<void> {
    const [oldest] = this.running;
    if (!oldest) return;
    const now = performance.now();
    if (now - Math.max(oldest.since, this.heardAt) < SUSPICIOUS_MS * this.configuration.patience) return;
    if (!(await this.isThere()) && this.heardAt < now) await this.sitOut();
    this.heardAt = performance.now();
  }

  private async sitOut(): Promise<void> {
    this.isSilent = true;
    this.logger.warn({ connections: this.dropConnections() }, 'the database is silent');
    for (const { abandon } of this.running) abandon(silence());
    const { signal } = this.stopping;
    try {
      do {
        await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
        // The pool opens new connections for the waiting calls.
        this.dropConnections();
      } while (!signal.aborted && !(await this.isAnswered()));
      this.dropConnections();
    } finally {
      this.isSilent = false;
    }
    this.logger.info({}, 'the database answers again');
  }

  /** @returns the number of connections, including those that are still opening */
  private dropConnections(): number {
    const clients = clientsOf(poolOf(this.dataSource));
    for (const client of clients) streamOf(client).destroy();
    return clients.length;
  }

  /**
   * Clients that wait in a pooler, also the probe, continue to wait when the server is gone. Unless the pooler passes
   * on an answer, the server is probed directly.
   */
  private async isThere(): Promise<boolean> {
    const { databaseUrl, databaseDirectUrl, patience } = this.configuration;
    if (databaseDirectUrl === databaseUrl) return this.isAnswered();
    const [pooled, direct] = await Promise.all([
      ask(databaseUrl, patience),
      ask(databaseDirectUrl, patience),
    ]);
    const isServerThere = direct === 'answered' || direct === 'refused';
    return pooled === 'answered' || (pooled !== 'silent' && isServerThere);
  }

  private async isAnswered(): Promise<boolean> {
    const { databaseUrl, patience } = this.configuration;
    return isAnswer(await ask(databaseUrl, patience));
  }
}

function silence(): Error {
  return Object.assign(new Error('the database is silent'), { code: 'ETIMEDOUT' });
}
