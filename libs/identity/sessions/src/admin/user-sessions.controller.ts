import { Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import type { ListedSession } from './listed-session';
import { ListedSessions } from './listed-sessions.repository';
import { UserSessionsQuery } from './dto/sessions.query';
import { AdminSessionPageResponse } from './dto/session.response';

@AdminController('users/:userId/sessions', 'Sessions')
export class AdminUserSessionsController {
  constructor(
    private readonly sessions: ListedSessions,
    private readonly cursors: Cursors,
  ) {}

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
    const item = { of: (one: ListedSession) => this.sessions.toResponse(one) };
    const wanted = { userId, applicationId, state };
    return this.cursors.page(`users/${userId}/sessions`, query, item, (keyset) =>
      this.sessions.listOfUser(wanted, keyset),
    );
  }
}
