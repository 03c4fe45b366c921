import { Delete, Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { PageQuery } from '@countersign/http';
import {
  AdminTeamHistoryPageResponse,
  AdminTeamHistoryResponse,
  AdminTeamMemberPageResponse,
  AdminTeamMemberResponse,
} from './dto/member.dto';
import { AdminTeamOfUserPageResponse, AdminTeamOfUserResponse } from './dto/team.dto';
import { MemberInPath, TeamInPath, UserInPath } from './path-parameters';
import { TeamDirectory } from './team-directory';
import { TeamOperations } from './team-operations';

/** Members of a team, and its history. */
@AdminController('teams/:teamId', 'Teams')
export class AdminTeamMembersController {
  constructor(
    private readonly directory: TeamDirectory,
    private readonly operations: TeamOperations,
    private readonly cursors: Cursors,
  ) {}

  @Get('members')
  @Operation('listTeamMembers', 'teams:read', AdminTeamMemberPageResponse, {
    summary: 'List the members of a team, the newest account first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  async listMembers(
    @TeamInPath() id: string,
    @Query() query: PageQuery,
  ): Promise<AdminTeamMemberPageResponse> {
    const list = `teams/${id}/members`;
    const found = await this.directory.listMembers(id, this.cursors.keysetOf(list, query));
    return this.cursors.pageOf(list, query, found, {
      idOf: ({ userId }) => userId,
      toItem: (member) => AdminTeamMemberResponse.of(member),
    });
  }

  @Delete('members/:userId')
  @Operation('removeTeamMember', 'teams:write', null, {
    summary: 'Remove a member from a team',
    description: 'The owner cannot be removed: transfer or delete the team.',
    errors: ['team.owner_cannot_leave'],
  })
  async removeMember(@TeamInPath() id: string, @MemberInPath() userId: string): Promise<void> {
    await this.operations.removeMember(id, userId);
  }

  @Get('history')
  @Operation('listTeamHistory', 'teams:read', AdminTeamHistoryPageResponse, {
    summary: 'List what happened in a team in the last year, newest first',
  })
  async listHistory(
    @TeamInPath() id: string,
    @Query() query: PageQuery,
  ): Promise<AdminTeamHistoryPageResponse> {
    const list = `teams/${id}/history`;
    const found = await this.directory.listHistory(id, this.cursors.keysetOf(list, query));
    return this.cursors.pageOf(list, query, found, {
      idOf: (entry) => entry.id,
      toItem: (entry) => AdminTeamHistoryResponse.of(entry),
    });
  }
}

/** Teams below an account. */
@AdminController('users/:userId/teams', 'Teams')
export class AdminUserTeamsController {
  constructor(
    private readonly directory: TeamDirectory,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listUserTeams', 'teams:read', AdminTeamOfUserPageResponse, {
    summary: 'List the teams of an account in all applications, newest first',
  })
  async list(@UserInPath() id: string, @Query() query: PageQuery): Promise<AdminTeamOfUserPageResponse> {
    const list = `users/${id}/teams`;
    const found = await this.directory.listOfUser(id, this.cursors.keysetOf(list, query));
    return this.cursors.pageOf(list, query, found, {
      idOf: ({ team }) => team.id,
      toItem: (one) => AdminTeamOfUserResponse.of(one),
    });
  }
}
