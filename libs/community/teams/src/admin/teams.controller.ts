import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { TakesMergePatch } from '@countersign/http';
import { TeamPatch } from '../dto/team.request';
import { TransferAdminTeamRequest } from './dto/transfer.dto';
import { AdminTeamPageResponse, AdminTeamResponse } from './dto/team.dto';
import { TeamsFilter, TeamsQuery } from './dto/teams.query';
import { TeamInPath } from './path-parameters';
import { TeamDirectory } from './team-directory';
import { TeamOwnership } from '../team-ownership.service';
import { TeamsService } from '../teams.service';

@AdminController('teams', 'Teams')
export class AdminTeamsController {
  constructor(
    private readonly directory: TeamDirectory,
    private readonly teams: TeamsService,
    private readonly ownership: TeamOwnership,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listTeams', 'teams:read', AdminTeamPageResponse, {
    summary: 'List teams of all applications, newest first',
    description: 'With `name` in the order of names. Deleted ones too, unless `state` leaves them out.',
  })
  async list(@Query() query: TeamsQuery): Promise<AdminTeamPageResponse> {
    const filter = TeamsFilter.toFilter(query);
    return this.cursors.page('teams', query, AdminTeamResponse, (keyset) =>
      this.directory.list(filter, keyset),
    );
  }

  @Get(':teamId')
  @Operation('readTeam', 'teams:read', AdminTeamResponse, 'Read a team')
  async read(@TeamInPath() id: string): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.directory.get(id));
  }

  @Patch(':teamId')
  @Operation('changeTeam', 'teams:write', AdminTeamResponse, {
    summary: 'Change the name, the texts and the links of a team by a JSON merge patch',
    description: 'The rules are those for its members. The audit trail says that an operator did it.',
    errors: ['team.name_taken', 'team.name_reserved'],
  })
  @TakesMergePatch()
  async change(@TeamInPath() id: string, @Body() change: TeamPatch): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.teams.changeFor(id, change));
  }

  @Delete(':teamId')
  @Operation('deleteTeam', 'teams:write', null, {
    summary: 'Delete a team; it can be restored for seven days',
    description: 'Open invitations to it end.',
  })
  async delete(@TeamInPath() id: string): Promise<void> {
    await this.ownership.deleteFor(id);
  }

  @Post(':teamId/restore')
  @Operation('restoreTeam', 'teams:write', AdminTeamResponse, {
    summary: 'Restore a deleted team',
    description: 'Changes nothing where it is not deleted.',
  })
  async restore(@TeamInPath() id: string): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.ownership.restoreFor(id));
  }

  @Post(':teamId/transfer')
  @Operation('transferTeam', 'teams:write', AdminTeamResponse, {
    summary: 'Make a member the owner of a team, with a reason',
    description: 'The owner before becomes an admin. No consent of either is needed: decide with care.',
    errors: ['team.member_not_found', 'team.target_unavailable', 'team.target_assurance_too_low'],
  })
  async transfer(
    @TeamInPath() id: string,
    @Body() { userId, reason }: TransferAdminTeamRequest,
  ): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.ownership.transferFor(id, userId.toLowerCase(), reason));
  }
}
