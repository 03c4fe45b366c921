import { Body, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  ChangesWhatIsCurrent,
  CountResponse,
  CreatesOnce,
  Cursors,
  HasETag,
  IfMatch,
  NeedsScope,
  type AssertCurrent,
} from '@countersign/admin';
import { Answers, TakesMergePatch, UuidPipe } from '@countersign/http';
import { ApplicationRecords } from '../application-records';
import { ApplicationsService } from '../applications.service';
import {
  ApplicationPageResponse,
  ApplicationResponse,
  ApplicationsFilter,
  ApplicationsQuery,
  ChangeApplicationRequest,
  CreateApplicationRequest,
  CreatedApplicationResponse,
  ListedApplicationResponse,
} from './dto/application.dto';
import { ApplicationInPath } from './path-parameters';

const LIST = 'applications';

@AdminController('applications', 'Applications')
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly records: ApplicationRecords,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('applications:read')
  @ApiOperation({ operationId: 'listApplications', summary: 'List applications, newest first' })
  @Answers(ApplicationPageResponse)
  async list(@Query() query: ApplicationsQuery): Promise<ApplicationPageResponse> {
    const found = await this.records.list(query, this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ applicationId }) => applicationId,
      toItem: (one) => ListedApplicationResponse.of(one),
    });
  }

  @Get('count')
  @NeedsScope('applications:read')
  @ApiOperation({ operationId: 'countApplications', summary: 'Count applications, up to 10000' })
  @Answers(CountResponse)
  count(@Query() filter: ApplicationsFilter): Promise<CountResponse> {
    return this.records.count(filter);
  }

  @Post()
  @NeedsScope('applications:write')
  @CreatesOnce()
  @ApiOperation({
    operationId: 'createApplication',
    summary: 'Create an application; its first client secret is shown once',
  })
  @Answers(CreatedApplicationResponse, { status: 201, errors: ['application.invalid'] })
  async create(@Body() wanted: CreateApplicationRequest): Promise<CreatedApplicationResponse> {
    const { name, trust = 'first-party', origins = [] } = wanted;
    return CreatedApplicationResponse.of(await this.applications.create({ name, trust, origins }));
  }

  @Get(':applicationId')
  @NeedsScope('applications:read')
  @HasETag()
  @ApiOperation({ operationId: 'readApplication', summary: 'Read an application with its settings' })
  @ApplicationInPath()
  @Answers(ApplicationResponse, { errors: ['application.not_found'] })
  async read(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
  ): Promise<ApplicationResponse> {
    return ApplicationResponse.of(await this.records.get(applicationId));
  }

  @Patch(':applicationId')
  @NeedsScope('applications:write')
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  @ApiOperation({
    operationId: 'changeApplication',
    summary: 'Change the name and the settings of an application by a JSON merge patch',
  })
  @ApplicationInPath()
  @Answers(ApplicationResponse, { errors: ['application.not_found', 'application.invalid'] })
  async change(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Body() change: ChangeApplicationRequest,
    @IfMatch() assertCurrent: AssertCurrent,
  ): Promise<ApplicationResponse> {
    const changed = await this.records.change(applicationId, change, (current) => {
      assertCurrent(ApplicationResponse.of(current));
    });
    return ApplicationResponse.of(changed);
  }
}
