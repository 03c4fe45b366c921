import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ScoresRepository, type NewAnomaly } from '../store/scores.repository';
import { ScoreUpkeepRepository } from '../upkeep/score-upkeep.repository';

/** Notes accounts with scores that many sessions of one device use. */
@Injectable()
@Recurring({ name: 'board-device-keys', cron: '41 * * * *', everyMinutes: 60 })
export class SharedDeviceKeys {
  constructor(
    private readonly database: Database,
    private readonly rows: ScoreUpkeepRepository,
    private readonly scores: ScoresRepository,
    private readonly applications: ApplicationsService,
    private readonly clock: Clock,
  ) {}

  /** @returns how many were noted */
  async run(): Promise<number> {
    const now = this.clock.now();
    const noted = new Map<string, NewAnomaly[]>();
    for (const shared of await this.database.read((manager) => this.rows.listSharedKeys(manager, now))) {
      const { settings } = await this.applications.getById(shared.applicationId);
      const allowed = settings.boards.maxAccountsPerDeviceKey;
      if (shared.found <= allowed) continue;
      const { seasonId, userId, found } = shared;
      const ofSeason = noted.get(seasonId) ?? [];
      ofSeason.push({ userId, kind: 'shared-device-key', found, allowed });
      noted.set(seasonId, ofSeason);
    }
    for (const [seasonId, anomalies] of noted)
      await this.database.transaction((tx) => this.scores.note(tx, seasonId, anomalies, now));
    return [...noted.values()].reduce((sum, { length }) => sum + length, 0);
  }
}
