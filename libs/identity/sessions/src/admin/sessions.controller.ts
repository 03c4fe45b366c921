import { Get, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, readPage } from '@countersign/http';
import { ListedSessions } from './listed-sessions.repository';
import { AdminSessionPageResponse, AdminSessionResponse } from './dto/session.response';
import type { Session } from '../session';
import { sessionScopes } from '../sessions.feature';

@AdminController('sessions', 'Sessions')
export class AdminSessionsController {
  constructor(private readonly sessions: ListedSessions) {}

  @Get()
  @Operation('listSessions', sessionScopes.sessionsRead, AdminSessionPageResponse, {
    summary: 'List sessions, newest first',
    description: 'Sessions that ended within the last 30 days are included.',
  })
  list(@Query() query: PageQuery): Promise<AdminSessionPageResponse> {
    const item = { of: (one: Session) => this.sessions.toResponse(one) };
    return readPage(query, item, (keyset) => this.sessions.list(keyset));
  }

  @Get(':sessionId')
  @Operation('readSession', sessionScopes.sessionsRead, AdminSessionResponse, 'Read a session')
  async read(@IdInPath('sessionId', 'session.not_found') sessionId: string): Promise<AdminSessionResponse> {
    return this.sessions.toResponse(await this.sessions.get(sessionId));
  }
}

@AdminController('users/:userId/sessions', 'Sessions')
export class AdminUserSessionsController {
  constructor(private readonly sessions: ListedSessions) {}

  @Get()
  @Operation('listUserSessions', sessionScopes.sessionsRead, AdminSessionPageResponse, {
    summary: 'List the sessions of an account, newest first',
    description:
      'Sessions that ended within the last 30 days are included. For the id of a merged account, the answer has the sessions of the surviving account.',
  })
  list(
    @IdInPath('userId', 'user.not_found') userId: string,
    @Query() query: PageQuery,
  ): Promise<AdminSessionPageResponse> {
    const item = { of: (one: Session) => this.sessions.toResponse(one) };
    return readPage(query, item, (keyset) => this.sessions.listOfUser(userId, keyset));
  }
}
