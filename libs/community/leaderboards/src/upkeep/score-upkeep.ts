import { Injectable } from '@nestjs/common';
import { DAY, plusSeconds, SECOND } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ScoresRepository } from '../store/scores.repository';

/** How long scores are stored after their season was closed. Its ranks stay. */
const SCORE_DAYS = 90;
const BATCH = 5_000;

/** Deletes scores when their season has been closed for long. */
@Injectable()
@Recurring({
  name: 'board-score-upkeep',
  cron: '23 3 * * *',
  everyMinutes: 1_440,
  removes: { unit: 'rows', retention: { 'scores of closed seasons': `${SCORE_DAYS} days` } },
})
export class ScoreUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly scores: ScoresRepository,
  ) {}

  /** @returns how many rows were deleted. @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.scores.deleteOld(tx, plusSeconds(now, -SCORE_DAYS * (DAY / SECOND)), BATCH),
    );
  }
}
