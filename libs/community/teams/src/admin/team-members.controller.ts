import { Delete, Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { PageQuery, type Keyset } from '@countersign/http';
import { AdminTeamMemberPageResponse, AdminTeamMemberResponse } from './dto/member.dto';
import { AdminTeamOfUserPageResponse, AdminTeamOfUserResponse } from './dto/team.dto';
import { MemberInPath, TeamInPath, UserInPath } from './path-parameters';
import type { TeamMemberEntity } from '../store/team-member.entity';
import { MembersService } from '../members/members.service';
import { TeamDirectory } from './team-directory';

/** Members of a team. */
@AdminController('teams/:teamId', 'Teams')
export class AdminTeamMembersController {
  constructor(
    private readonly directory: TeamDirectory,
    private readonly members: MembersService,
    private readonly cursors: Cursors,
  ) {}

  @Get('members')
  @Operation('listTeamMembers', 'teams:read', AdminTeamMemberPageResponse, {
    summary: 'List the members of a team, the newest account first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  listMembers(@TeamInPath() id: string, @Query() query: PageQuery): Promise<AdminTeamMemberPageResponse> {
    const read = (keyset: Keyset) => this.directory.listMembers(id, keyset);
    const idOf = ({ userId }: TeamMemberEntity) => userId;
    return this.cursors.page(`teams/${id}/members`, query, AdminTeamMemberResponse, read, idOf);
  }

  @Delete('members/:userId')
  @Operation('removeTeamMember', 'teams:write', null, {
    summary: 'Remove a member from a team',
    description: 'The owner cannot be removed: transfer or delete the team.',
    errors: ['team.owner_cannot_leave'],
  })
  async removeMember(@TeamInPath() id: string, @MemberInPath() userId: string): Promise<void> {
    await this.members.removeFor(id, userId);
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
  list(@UserInPath() id: string, @Query() query: PageQuery): Promise<AdminTeamOfUserPageResponse> {
    const read = (keyset: Keyset) => this.directory.listOfUser(id, keyset);
    return this.cursors.page(
      `users/${id}/teams`,
      query,
      AdminTeamOfUserResponse,
      read,
      ({ team }) => team.id,
    );
  }
}
