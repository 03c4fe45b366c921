import { Get, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, Id, OneOf, readPage } from '@countersign/http';
import { ListedSessions } from './listed-sessions.repository';
import {
  AdminSessionPageResponse,
  AdminSessionResponse,
  sessionStates,
  type SessionState,
} from './dto/session.response';
import type { Session } from '../session';

@AdminController('sessions', 'Sessions')
export class AdminSessionsController {
  constructor(private readonly sessions: ListedSessions) {}

  @Get()
  @Operation('listSessions', 'sessions:read', AdminSessionPageResponse, {
    summary: 'List sessions, newest first',
    description: 'Also those that ended within the last 30 days.',
  })
  list(@Query() query: PageQuery): Promise<AdminSessionPageResponse> {
    const item = { of: (one: Session) => this.sessions.toResponse(one) };
    return readPage(query, item, (keyset) => this.sessions.list(keyset));
  }

  @Get(':sessionId')
  @Operation('readSession', 'sessions:read', AdminSessionResponse, 'Read a session')
  async read(@IdInPath('sessionId', 'session.not_found') sessionId: string): Promise<AdminSessionResponse> {
    return this.sessions.toResponse(await this.sessions.get(sessionId));
  }
}

/** Filters of the sessions of one account: no index serves them alone. */
class UserSessionsQuery extends PageQuery {
  @Id('Sessions for this application.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', { input: 'optional' })
  applicationId?: string;

  @OneOf(sessionStates, 'Whether they still live.', 'live', { input: 'optional' })
  state?: SessionState;
}

@AdminController('users/:userId/sessions', 'Sessions')
export class AdminUserSessionsController {
  constructor(private readonly sessions: ListedSessions) {}

  @Get()
  @Operation('listUserSessions', 'sessions:read', AdminSessionPageResponse, {
    summary: 'List the sessions of an account, newest first',
    description:
      'Also those that ended within the last 30 days. Of a merged account, those of the surviving one.',
  })
  list(
    @IdInPath('userId', 'user.not_found') userId: string,
    @Query() query: UserSessionsQuery,
  ): Promise<AdminSessionPageResponse> {
    const { applicationId = null, state = null } = query;
    const item = { of: (one: Session) => this.sessions.toResponse(one) };
    const wanted = { userId, applicationId, state };
    return readPage(query, item, (keyset) => this.sessions.listOfUser(wanted, keyset));
  }
}
