import { Get, Query } from '@nestjs/common';
import { AdminController, CountResponse, Cursors, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
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
  @Operation('listSessions', 'sessions:read', AdminSessionPageResponse, {
    summary: 'List sessions, newest first',
    description: 'Also those that ended within the last 30 days.',
  })
  async list(@Query() query: SessionsQuery): Promise<AdminSessionPageResponse> {
    const found = await this.sessions.list(sessionFilterOf(query), this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (one) => this.sessions.toResponse(one),
    });
  }

  @Get('count')
  @Operation('countSessions', 'sessions:read', CountResponse, 'Count sessions, up to 10,000')
  count(@Query() query: SessionFilters): Promise<CountResponse> {
    return this.sessions.count(sessionFilterOf(query));
  }

  @Get(':sessionId')
  @Operation('readSession', 'sessions:read', AdminSessionResponse, 'Read a session')
  async read(@IdInPath('sessionId', 'session.not_found') sessionId: string): Promise<AdminSessionResponse> {
    return this.sessions.toResponse(await this.sessions.get(sessionId));
  }
}
