import { Injectable } from '@nestjs/common';
import { DAY, plusSeconds, SECOND } from '@countersign/runtime';
import { BatchedDeletions, Recurring } from '@countersign/database';
import { ENDED_SESSION_DAYS } from '../store/session.entity';
import { SessionsRepository } from '../store/sessions.repository';

const RETENTION_SECONDS = (ENDED_SESSION_DAYS * DAY) / SECOND;
const BATCH = 250;

@Injectable()
@Recurring({
  name: 'session-upkeep',
  cron: '*/15 * * * *',
  everyMinutes: 15,
  removes: { sessions: `${ENDED_SESSION_DAYS} days after they ended, or after their last deadline` },
})
export class SessionUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly repository: SessionsRepository,
  ) {}

  /** @returns how many rows were deleted */
  run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.repository.deleteOver(tx, plusSeconds(now, -RETENTION_SECONDS), BATCH),
    );
  }
}
