import { Injectable } from '@nestjs/common';
import { ExpiredRows } from '../statements/expired-rows.repository';
import { Recurring } from './recurring-job';

@Injectable()
@Recurring({ name: 'expiry-upkeep', cron: '* * * * *', everyMinutes: 1 })
export class ExpiryUpkeep {
  constructor(private readonly rows: ExpiredRows) {}

  /** @returns the number of deleted rows */
  run(): Promise<number> {
    return this.rows.delete();
  }
}
