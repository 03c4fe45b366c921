import { ApiProperty } from '@nestjs/swagger';
import type { JobState } from '@countersign/jobs';

const INSTANT = '2026-11-20T08:13:02.000Z';

function countField(description: string): PropertyDecorator {
  return ApiProperty({ type: 'integer', minimum: 0, description, example: 0 });
}

/** Of the runs that pg-boss still stores. */
export class JobCountsResponse {
  @countField('Runs that wait for a replica.')
  created: number;

  @countField('Runs that failed and are tried again.')
  retry: number;

  @countField('Runs that a replica works on.')
  active: number;

  @countField('Runs that are done.')
  completed: number;

  @countField('Runs that were taken back.')
  cancelled: number;

  @countField('Runs that failed for good.')
  failed: number;
}

export class JobResponse {
  @ApiProperty({ description: 'Its name.', example: 'session-upkeep' })
  name: string;

  @ApiProperty({ description: 'When it runs: five fields of cron, in UTC.', example: '*/15 * * * *' })
  cron: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a replica first scheduled it; null when none has.',
    example: INSTANT,
  })
  scheduledAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it last succeeded, on any replica; null when the queue knows of none.',
    example: INSTANT,
  })
  lastSucceededAt: string | null;

  @ApiProperty({
    description: 'Whether three runs are missing since its last success, or since it was first scheduled.',
    example: false,
  })
  isOverdue: boolean;

  @ApiProperty({ type: JobCountsResponse, description: 'Its runs by state.' })
  counts: JobCountsResponse;

  static of({ scheduledAt, lastSucceededAt, counts, ...job }: JobState): JobResponse {
    return {
      ...job,
      scheduledAt: scheduledAt?.toISOString() ?? null,
      lastSucceededAt: lastSucceededAt?.toISOString() ?? null,
      counts: { ...counts },
    };
  }
}

export class JobsResponse {
  @ApiProperty({ type: [JobResponse], description: 'By name.' })
  items: readonly JobResponse[];
}

export class RequestedRunResponse {
  @ApiProperty({ description: 'The job.', example: 'session-upkeep' })
  name: string;

  @ApiProperty({
    description: 'Whether a run was added; false when one waits already.',
    example: true,
  })
  isAdded: boolean;
}
