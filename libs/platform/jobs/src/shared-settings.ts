import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, Notifications } from '@countersign/database';
import { SideTasks, type SideTask } from '@countersign/observability';
import { announceSettings, SETTINGS_CHANNEL, type Settings } from './shared-settings.repository';

const EVERY_MS = 10 * SECOND;

/** Another replica of the database was started with other settings. */
class SettingsDifferError extends Error {
  override readonly name = 'SettingsDifferError';
}

/** Replicas announce what they have to agree on: with another value one deletes, signs or refuses what the others keep. */
@Injectable()
export class SharedSettings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly own: Settings;
  private readonly announcing: SideTask;
  private differedAt = Number.NEGATIVE_INFINITY;

  constructor(
    { auditRetentionDays, erasureDays, nodeEnv, publicUrl, use }: Configuration,
    database: Database,
    notifications: Notifications,
    private readonly tasks: SideTasks,
  ) {
    this.own = {
      ...{ AUDIT_RETENTION_DAYS: auditRetentionDays, ERASURE_DAYS: erasureDays, NODE_ENV: nodeEnv },
      ...{ COUNTERSIGN_USE: use.join(), PUBLIC_URL: publicUrl },
    };
    this.announcing = tasks.loop('settings-sent', async () => {
      if (!this.differ) tasks.succeeded('settings');
      await database.transaction((tx) => announceSettings(tx, this.own));
      return EVERY_MS;
    });
    const onMessage = (message: string): void => this.compare(JSON.parse(message) as Settings);
    notifications.subscribe(SETTINGS_CHANNEL, { onMessage, onGap: () => undefined });
  }

  /** Whether another replica had other settings a moment ago. */
  get differ(): boolean {
    return performance.now() - this.differedAt < 3 * EVERY_MS;
  }

  onApplicationBootstrap(): void {
    this.announcing.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.announcing.stop();
  }

  private compare(theirs: Settings): void {
    const different = Object.keys(theirs).filter((name) => theirs[name] !== this.own[name]);
    if (different.length === 0) return;
    this.differedAt = performance.now();
    this.tasks.failed('settings', new SettingsDifferError(), { different });
  }
}
