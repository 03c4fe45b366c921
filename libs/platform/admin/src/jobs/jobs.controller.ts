import { Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { Answers } from '@countersign/http';
import { AdminController } from '../routes/admin-controller';
import { NeedsScope } from '../routes/needs-scope';
import { AdminJobs } from './admin-jobs';
import { JobResponse, JobsResponse, RequestedRunResponse } from '../dto/job.response';

@AdminController('jobs', 'Jobs')
export class JobsController {
  constructor(private readonly jobs: AdminJobs) {}

  @Get()
  @NeedsScope('jobs:read')
  @ApiOperation({ operationId: 'listJobs', summary: 'List the recurring jobs, and how they went' })
  @Answers(JobsResponse)
  async list(): Promise<JobsResponse> {
    return { items: (await this.jobs.list()).map((job) => JobResponse.of(job)) };
  }

  @Post(':name/run')
  @NeedsScope('jobs:run')
  @ApiOperation({
    operationId: 'runJob',
    summary: 'Have a job run once, beside its schedule',
    description: 'It is queued: a replica takes it within seconds.',
  })
  @ApiParam({
    name: 'name',
    description: 'The name of the job.',
    schema: { type: 'string', example: 'session-upkeep' },
  })
  @Answers(RequestedRunResponse, { status: 202, errors: ['job.not_found', 'job.not_scheduled'] })
  async run(@Param('name') name: string): Promise<RequestedRunResponse> {
    return { name, isAdded: await this.jobs.run(name) };
  }
}
