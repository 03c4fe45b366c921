import { Injectable } from '@nestjs/common';
import { HOUR } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { BucketsRepository } from '../store/buckets.repository';

/** Counts large seasons in which there were scores, so that ranks far back are known. */
@Injectable()
@Recurring({ name: 'board-ranks', cron: '* * * * *', everyMinutes: 1 })
export class RankUpkeep {
  constructor(
    private readonly database: Database,
    private readonly buckets: BucketsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns how many were counted. @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const lately = new Date((await this.clock.now()).getTime() - HOUR);
    const due = await this.database.read((manager) => this.buckets.listDue(manager, lately));
    for (const season of due) await this.database.transaction((tx) => this.buckets.renew(tx, season));
    return due.length;
  }
}
