import { Injectable } from '@nestjs/common';
import { SECOND } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { BoardSeasons } from '../seasons/board-seasons';
import { SeasonsRepository } from '../store/seasons.repository';

const BATCH = 100;
/** Clocks of replicas differ: a season is closed only when no replica still counts scores for it. */
const MARGIN_MS = 10 * SECOND;

/** Closes seasons whose end by the calendar is over. */
@Injectable()
@Recurring({ name: 'board-seasons', cron: '* * * * *', everyMinutes: 1 })
export class SeasonUpkeep {
  constructor(
    private readonly database: Database,
    private readonly seasons: SeasonsRepository,
    private readonly boardSeasons: BoardSeasons,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns how many were closed here. @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const before = new Date((await this.clock.now()).getTime() - MARGIN_MS);
    for (let closed = 0; ;) {
      const due = await this.database.read((manager) => this.seasons.listDue(manager, before, BATCH));
      for (const season of due) if (await this.boardSeasons.closeDue(season)) closed += 1;
      if (due.length < BATCH) return closed;
    }
  }
}
