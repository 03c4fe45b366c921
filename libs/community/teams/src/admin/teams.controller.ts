import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, TakesMergePatch, type Keyset, readPage } from '@countersign/http';
import { TeamPatch } from '../dto/team.dto';
import { BY_OPERATOR } from '../team-records';
import { MembersService } from '../members.service';
import type { TeamMemberEntity } from '../store/team.entity';
import {
  AdminTeamMemberPageResponse,
  AdminTeamMemberResponse,
  AdminTeamPageResponse,
  AdminTeamResponse,
  TeamsQuery,
  TransferAdminTeamRequest,
} from './team.dto';
import { TeamListsService } from '../team-lists.service';
import { TeamOwnership } from '../team-ownership.service';
import { TeamsService } from '../teams.service';
import { teamScopes } from '../teams.feature';

const TeamInPath = (): ParameterDecorator => IdInPath('teamId', 'team.not_found', 'The team.');

@AdminController('teams', 'Teams')
export class AdminTeamsController {
  constructor(
    private readonly lists: TeamListsService,
    private readonly members: MembersService,
    private readonly teams: TeamsService,
    private readonly ownership: TeamOwnership,
  ) {}

  @Get()
  @Operation(
    'listTeams',
    teamScopes.teamsRead,
    AdminTeamPageResponse,
    'List teams of all applications, newest first',
  )
  async list(@Query() query: TeamsQuery): Promise<AdminTeamPageResponse> {
    const filter = TeamsQuery.toFilter(query);
    return readPage(query, AdminTeamResponse, (keyset) => this.lists.listAll(filter, keyset));
  }

  @Get(':teamId')
  @Operation('readTeam', teamScopes.teamsRead, AdminTeamResponse, 'Read a team')
  async read(@TeamInPath() id: string): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.lists.get(id));
  }

  @Patch(':teamId')
  @Operation('changeTeam', teamScopes.teamsWrite, AdminTeamResponse, {
    summary: 'Change the name, the texts and the links of a team by a JSON merge patch',
    description: 'The rules are those for its members. The audit trail says that an operator did it.',
    errors: ['team.name_taken', 'team.name_reserved'],
  })
  @TakesMergePatch()
  async change(@TeamInPath() id: string, @Body() change: TeamPatch): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of((await this.teams.change(BY_OPERATOR, id, change)).team);
  }

  @Delete(':teamId')
  @Operation('deleteTeam', teamScopes.teamsWrite, null, 'Delete a team for good')
  async delete(@TeamInPath() id: string): Promise<void> {
    await this.ownership.delete(BY_OPERATOR, id);
  }

  @Post(':teamId/transfer')
  @Operation('transferTeam', teamScopes.teamsWrite, AdminTeamResponse, {
    summary: 'Make a member the owner of a team, with a reason',
    description: 'The owner before becomes an admin. No consent of either is needed: decide with care.',
    errors: ['team.member_not_found', 'team.target_unavailable', 'user.merged_into_another'],
  })
  async transfer(
    @TeamInPath() id: string,
    @Body() { userId, reason }: TransferAdminTeamRequest,
  ): Promise<AdminTeamResponse> {
    const by = { ...BY_OPERATOR, reason };
    return AdminTeamResponse.of((await this.ownership.transfer(by, id, userId.toLowerCase())).team);
  }

  @Get(':teamId/members')
  @Operation(
    'listTeamMembers',
    teamScopes.teamsRead,
    AdminTeamMemberPageResponse,
    'List the members of a team',
  )
  async listMembers(
    @TeamInPath() id: string,
    @Query() query: PageQuery,
  ): Promise<AdminTeamMemberPageResponse> {
    await this.lists.get(id);
    const read = (keyset: Keyset) => this.lists.membersOf(id, keyset);
    const idOf = ({ userId }: TeamMemberEntity) => userId;
    return readPage(query, AdminTeamMemberResponse, read, idOf);
  }

  @Delete(':teamId/members/:userId')
  @Operation('removeTeamMember', teamScopes.teamsWrite, null, {
    summary: 'Remove a member from a team',
    description: 'The owner cannot be removed: transfer or delete the team.',
    errors: ['team.owner_cannot_leave', 'user.merged_into_another'],
  })
  async removeMember(
    @TeamInPath() id: string,
    @IdInPath('userId', 'team.member_not_found', 'The account of the member.') userId: string,
  ): Promise<void> {
    await this.members.remove(BY_OPERATOR, id, userId);
  }
}
