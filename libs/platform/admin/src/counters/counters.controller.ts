import { Get, Query } from '@nestjs/common';
import { DailyCounters } from '@countersign/audit';
import { toResponse } from '@countersign/http';
import { CounterResponse, CountersQuery, CountersResponse } from '../dto/counter.dto';
import { AdminController, Operation } from '../routes/admin-controller';
import { adminScopes } from '../admin.feature';

const DAYS_BEFORE = 29;

@AdminController('counters', 'Counters')
export class CountersController {
  constructor(private readonly counters: DailyCounters) {}

  @Get()
  @Operation('listCounters', adminScopes.countersRead, CountersResponse, {
    summary: 'List what was counted by day, over all replicas',
    description:
      `Without \`day\`, the answer has the sums of the last ${DAYS_BEFORE + 1} days. With \`day\`, it has the counts of that day ` +
      'by application and code, at most 1,000, the most frequent first. The counts of other replicas can be ten seconds old.',
  })
  async list(@Query() { day }: CountersQuery): Promise<CountersResponse> {
    const counted =
      day === undefined ? await this.counters.sums(DAYS_BEFORE) : await this.counters.ofDay(day);
    return { items: counted.map((one) => toResponse(CounterResponse, one)) };
  }
}
