import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Configuration, SECOND, type SideTask, SideTasks } from '@countersign/runtime';
import { Database } from '../database';
import { Notifications } from '../notifications/notifications';

const CHANNEL = 'countersign_settings';
const EVERY_MS = 10 * SECOND;

/** Replicas announce settings on which they must agree: else one deletes, signs or refuses what others accept. */
@Injectable()
export class SharedSettings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly announcing: SideTask;
  private differedAt = Number.NEGATIVE_INFINITY;

  constructor(
    configuration: Configuration,
    database: Database,
    notifications: Notifications,
    tasks: SideTasks,
  ) {
    const { auditRetentionDays, erasureDays, nodeEnv, publicUrl, use } = configuration;
    const own: Readonly<Record<string, unknown>> = {
      ...{ AUDIT_RETENTION_DAYS: auditRetentionDays, ERASURE_DAYS: erasureDays, NODE_ENV: nodeEnv },
      ...{ COUNTERSIGN_USE: use.join(), PUBLIC_URL: publicUrl },
    };
    const announce = 'SELECT pg_notify($1, $2)';
    this.announcing = tasks.loop('settings-sent', async () => {
      if (!this.differ) tasks.succeeded('settings');
      await database.transaction((tx) => tx.query(announce, [CHANNEL, JSON.stringify(own)]));
      return EVERY_MS;
    });
    const onMessage = (message: string): void => {
      const theirs = JSON.parse(message) as typeof own;
      const different = Object.keys(theirs).filter((name) => theirs[name] !== own[name]);
      if (different.length === 0) return;
      this.differedAt = performance.now();
      tasks.failed('settings', new Error('another replica has other settings'), { different });
    };
    notifications.subscribe(CHANNEL, { onMessage, onGap: () => undefined });
  }

  get differ(): boolean {
    return performance.now() - this.differedAt < 3 * EVERY_MS;
  }

  onApplicationBootstrap(): void {
    this.announcing.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.announcing.stop();
  }
}
