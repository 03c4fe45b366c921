import { Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { IdInPath, PageQuery } from '@countersign/http';
import type { ListedSession } from './listed-session';
import { ListedSessions } from './listed-sessions.repository';
import { AdminSessionPageResponse, AdminSessionResponse } from './dto/session.response';

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
  list(@Query() query: PageQuery): Promise<AdminSessionPageResponse> {
    const item = { of: (one: ListedSession) => this.sessions.toResponse(one) };
    return this.cursors.page('sessions', query, item, (keyset) => this.sessions.list(keyset));
  }

  @Get(':sessionId')
  @Operation('readSession', 'sessions:read', AdminSessionResponse, 'Read a session')
  async read(@IdInPath('sessionId', 'session.not_found') sessionId: string): Promise<AdminSessionResponse> {
    return this.sessions.toResponse(await this.sessions.get(sessionId));
  }
}
