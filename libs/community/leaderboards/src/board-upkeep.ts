import { Injectable } from '@nestjs/common';
import { DAY, HOUR, plusSeconds, SECOND } from '@countersign/runtime';
import { AgreedClock, BatchedDeletions, Database, Recurring } from '@countersign/database';
import { RanksRepository } from './store/ranks.repository';
import { ScoresRepository } from './store/scores.repository';

/** How long scores are stored after their season was closed. Its ranks stay. */
const SCORE_DAYS = 90;
const SCORES = 5_000;

@Injectable()
@Recurring({
  name: 'board-score-upkeep',
  cron: '23 3 * * *',
  everyMinutes: 1_440,
  removes: { 'scores of closed seasons': `${SCORE_DAYS} days` },
})
export class ScoreUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly scores: ScoresRepository,
  ) {}

  /** @returns the number of deleted rows */
  async run(): Promise<number> {
    return this.deletions.run(SCORES, (tx, now) =>
      this.scores.deleteOld(tx, plusSeconds(now, -SCORE_DAYS * (DAY / SECOND)), SCORES),
    );
  }
}

/** Counts large seasons with new scores again, so that low ranks are known. */
@Injectable()
@Recurring({ name: 'board-ranks', cron: '* * * * *', everyMinutes: 1 })
export class RankUpkeep {
  constructor(
    private readonly database: Database,
    private readonly ranks: RanksRepository,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns the number of counted seasons */
  async run(): Promise<number> {
    const lately = new Date((await this.clock.now()).getTime() - HOUR);
    const due = await this.database.read((manager) => this.ranks.listDue(manager, lately));
    for (const season of due) await this.database.transaction((tx) => this.ranks.renew(tx, season));
    return due.length;
  }
}
