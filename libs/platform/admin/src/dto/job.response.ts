import { Flag, Instant, ListOf, Text } from '@countersign/http';

const INSTANT = '2026-11-20T08:13:02.000Z';

export class JobResponse {
  @Text('Its name.', 'session-upkeep')
  name: string;

  @Text('When it runs: five fields of cron, in UTC.', '*/15 * * * *')
  cron: string;

  @Instant('When a replica first scheduled it; null when none has.', INSTANT, { nullable: true })
  scheduledAt: string | null;

  @Instant('When it last succeeded, on any replica; null when it never did.', INSTANT, {
    nullable: true,
  })
  lastSucceededAt: string | null;

  @Flag('Whether three runs are missing since its last success, or since it was first scheduled.', false)
  isOverdue: boolean;
}

export class JobsResponse {
  @ListOf(JobResponse, 'By name.')
  items: readonly JobResponse[];
}

export class RequestedRunResponse {
  @Text('The job.', 'session-upkeep')
  name: string;

  @Flag('Whether a run was added; false when one waits already.', true)
  isAdded: boolean;
}
