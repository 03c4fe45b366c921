import { Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import { ListedSessions } from './listed-sessions';
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
  async list(
    @IdInPath('userId', 'user.not_found') userId: string,
    @Query() query: UserSessionsQuery,
  ): Promise<AdminSessionPageResponse> {
    const name = `users/${userId}/sessions`;
    const keyset = this.cursors.keysetOf(name, query);
    await this.sessions.assertUser(userId);
    const { applicationId = null, state = null } = query;
    const found = await this.sessions.list({ userId, applicationId, state }, keyset);
    return this.cursors.pageOf(name, query, found, {
      idOf: ({ id }) => id,
      toItem: (one) => this.sessions.toResponse(one),
    });
  }
}
