import { Get, Post } from '@nestjs/common';
import { TextInPath } from '@countersign/http';
import { AdminController, Operation } from '../routes/admin-controller';
import { AdminJobs } from './admin-jobs';
import { JobsResponse, RequestedRunResponse } from '../dto/job.response';
import { adminScopes } from '../admin.feature';

@AdminController('jobs', 'Jobs')
export class JobsController {
  constructor(private readonly jobs: AdminJobs) {}

  @Get()
  @Operation('listJobs', adminScopes.jobsRead, JobsResponse, 'List the recurring jobs, and how they went')
  async list(): Promise<JobsResponse> {
    return { items: await this.jobs.list() };
  }

  @Post(':name/run')
  @Operation('runJob', adminScopes.jobsRun, RequestedRunResponse, {
    summary: 'Have a job run once, beside its schedule',
    description: 'It is queued: a replica takes it within seconds.',
    status: 202,
    errors: ['job.not_found', 'job.not_scheduled'],
  })
  async run(
    @TextInPath('name', 'The name of the job.', 'session-upkeep') name: string,
  ): Promise<RequestedRunResponse> {
    return { name, isAdded: await this.jobs.run(name) };
  }
}
