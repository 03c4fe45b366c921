import { Injectable } from '@nestjs/common';
import { Recurring } from '@countersign/jobs';
import { LedgerReplay } from './ledger-replay';

/** Moves the high-water mark of the database and of its ledger. */
@Injectable()
@Recurring({ name: 'erasure-mark', cron: '29 * * * *', everyMinutes: 60 })
export class ErasureMarkUpkeep {
  constructor(private readonly replay: LedgerReplay) {}

  /** @returns the mark; null without a ledger. @throws LedgerStateError */
  async run(): Promise<number | null> {
    return this.replay.advance();
  }
}
