import { Body, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { TakesMergePatch, type Keyset, readPage } from '@countersign/http';
import { ApplicationRecords } from '../application-records';
import { ApplicationsService } from '../applications.service';
import {
  ApplicationPageResponse,
  ApplicationResponse,
  ApplicationsQuery,
  ChangeApplicationRequest,
  CreateApplicationRequest,
  CreatedApplicationResponse,
  ListedApplicationResponse,
} from './dto/application.dto';
import { ApplicationInPath } from './path-parameters';

@AdminController('applications', 'Applications')
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly records: ApplicationRecords,
  ) {}

  @Get()
  @Operation('listApplications', 'applications:read', ApplicationPageResponse, {
    summary: 'List applications, newest first',
  })
  list(@Query() query: ApplicationsQuery): Promise<ApplicationPageResponse> {
    const read = (keyset: Keyset) => this.records.list(query, keyset);
    return readPage(query, ListedApplicationResponse, read);
  }

  @Post()
  @Operation('createApplication', 'applications:write', CreatedApplicationResponse, {
    summary: 'Create an application; its first client secret is shown once',
    status: 201,
    errors: ['application.invalid'],
  })
  @CreatesOnce()
  async create(@Body() wanted: CreateApplicationRequest): Promise<CreatedApplicationResponse> {
    const { name, trust = 'first-party', origins = [], for: presets } = wanted;
    return CreatedApplicationResponse.of(
      await this.applications.create({ name, trust, origins, ...(presets && { presets }) }),
    );
  }

  @Get(':applicationId')
  @Operation('readApplication', 'applications:read', ApplicationResponse, {
    summary: 'Read an application with its settings',
  })
  async read(@ApplicationInPath() applicationId: string): Promise<ApplicationResponse> {
    return ApplicationResponse.of(await this.records.get(applicationId));
  }

  @Patch(':applicationId')
  @Operation('changeApplication', 'applications:write', ApplicationResponse, {
    summary: 'Change the name and the settings of an application by a JSON merge patch',
    errors: ['application.invalid'],
  })
  @TakesMergePatch()
  async change(
    @ApplicationInPath() applicationId: string,
    @Body() { for: presets, ...change }: ChangeApplicationRequest,
  ): Promise<ApplicationResponse> {
    return ApplicationResponse.of(await this.records.change(applicationId, { ...change, presets }));
  }
}
