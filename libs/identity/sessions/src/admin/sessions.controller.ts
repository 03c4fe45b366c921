import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, CountResponse, Cursors, NeedsScope } from '@countersign/admin';
import { Answers, UuidPipe } from '@countersign/http';
import { ListedSessions } from './listed-sessions';
import { sessionFilterOf, SessionFilters, SessionsQuery } from './dto/sessions.query';
import { AdminSessionPageResponse, AdminSessionResponse } from './dto/session.response';

const LIST = 'sessions';

@AdminController('sessions', 'Sessions')
export class AdminSessionsController {
  constructor(
    private readonly sessions: ListedSessions,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('sessions:read')
  @ApiOperation({
    operationId: 'listSessions',
    summary: 'List sessions, newest first',
    description: 'Also those that ended within the last 30 days.',
  })
  @Answers(AdminSessionPageResponse)
  async list(@Query() query: SessionsQuery): Promise<AdminSessionPageResponse> {
    const found = await this.sessions.list(sessionFilterOf(query), this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (one) => this.sessions.toResponse(one),
    });
  }

  @Get('count')
  @NeedsScope('sessions:read')
  @ApiOperation({ operationId: 'countSessions', summary: 'Count sessions, up to 10,000' })
  @Answers(CountResponse)
  count(@Query() query: SessionFilters): Promise<CountResponse> {
    return this.sessions.count(sessionFilterOf(query));
  }

  @Get(':sessionId')
  @NeedsScope('sessions:read')
  @ApiOperation({ operationId: 'readSession', summary: 'Read a session' })
  @Answers(AdminSessionResponse, { errors: ['session.not_found'] })
  async read(
    @Param('sessionId', new UuidPipe('session.not_found')) sessionId: string,
  ): Promise<AdminSessionResponse> {
    return this.sessions.toResponse(await this.sessions.get(sessionId));
  }
}
