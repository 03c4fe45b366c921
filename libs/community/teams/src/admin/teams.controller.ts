import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  ChangesWhatIsCurrent,
  CountResponse,
  Cursors,
  HasETag,
  IfMatch,
  NeedsScope,
  type AssertCurrent,
} from '@countersign/admin';
import { Answers, TakesMergePatch, UuidPipe } from '@countersign/http';
import { TeamPatch } from '../dto/team.request';
import { TransferAdminTeamRequest } from './dto/transfer.dto';
import { AdminTeamPageResponse, AdminTeamResponse } from './dto/team.dto';
import { TeamsFilter, TeamsQuery } from './dto/teams.query';
import { TeamInPath } from './path-parameters';
import { TeamDirectory } from './team-directory';
import { TeamOperations } from './team-operations';

const LIST = 'teams';
const teamId = new UuidPipe('team.not_found');

@AdminController('teams', 'Teams')
export class AdminTeamsController {
  constructor(
    private readonly directory: TeamDirectory,
    private readonly operations: TeamOperations,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('teams:read')
  @ApiOperation({
    operationId: 'listTeams',
    summary: 'List teams of all applications, newest first',
    description: 'With `name` in the order of names. Deleted ones too, unless `state` leaves them out.',
  })
  @Answers(AdminTeamPageResponse)
  async list(@Query() query: TeamsQuery): Promise<AdminTeamPageResponse> {
    const filter = TeamsFilter.toFilter(query);
    const found = await this.directory.list(filter, this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (team) => AdminTeamResponse.of(team),
    });
  }

  @Get('count')
  @NeedsScope('teams:read')
  @ApiOperation({ operationId: 'countTeams', summary: 'Count teams, up to 10000' })
  @Answers(CountResponse)
  count(@Query() query: TeamsFilter): Promise<CountResponse> {
    return this.directory.count(TeamsFilter.toFilter(query));
  }

  @Get(':teamId')
  @NeedsScope('teams:read')
  @HasETag()
  @ApiOperation({ operationId: 'readTeam', summary: 'Read a team' })
  @TeamInPath()
  @Answers(AdminTeamResponse, { errors: ['team.not_found'] })
  async read(@Param('teamId', teamId) id: string): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.directory.get(id));
  }

  @Patch(':teamId')
  @NeedsScope('teams:write')
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  @ApiOperation({
    operationId: 'changeTeam',
    summary: 'Change the name, the texts and the links of a team by a JSON merge patch',
    description: 'The rules are those for its members. Its history says that an operator did it.',
  })
  @TeamInPath()
  @Answers(AdminTeamResponse, { errors: ['team.not_found', 'team.name_taken', 'team.name_reserved'] })
  async change(
    @Param('teamId', teamId) id: string,
    @Body() change: TeamPatch,
    @IfMatch() assertCurrent: AssertCurrent,
  ): Promise<AdminTeamResponse> {
    const changed = await this.operations.change(id, change, (current) => {
      assertCurrent(AdminTeamResponse.of(current));
    });
    return AdminTeamResponse.of(changed);
  }

  @Delete(':teamId')
  @NeedsScope('teams:write')
  @ApiOperation({
    operationId: 'deleteTeam',
    summary: 'Delete a team; it can be restored for seven days',
    description: 'Open invitations to it end.',
  })
  @TeamInPath()
  @Answers(null, { errors: ['team.not_found'] })
  async delete(@Param('teamId', teamId) id: string): Promise<void> {
    await this.operations.delete(id);
  }

  @Post(':teamId/restore')
  @NeedsScope('teams:write')
  @ApiOperation({
    operationId: 'restoreTeam',
    summary: 'Restore a deleted team',
    description: 'Changes nothing where it is not deleted.',
  })
  @TeamInPath()
  @Answers(AdminTeamResponse, { errors: ['team.not_found'] })
  async restore(@Param('teamId', teamId) id: string): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.operations.restore(id));
  }

  @Post(':teamId/transfer')
  @NeedsScope('teams:write')
  @ApiOperation({
    operationId: 'transferTeam',
    summary: 'Make a member the owner of a team, with a reason',
    description: 'The owner before becomes an admin. No consent of either is needed: decide with care.',
  })
  @TeamInPath()
  @Answers(AdminTeamResponse, {
    errors: [
      'team.not_found',
      'team.member_not_found',
      'team.target_unavailable',
      'team.target_assurance_too_low',
    ],
  })
  async transfer(
    @Param('teamId', teamId) id: string,
    @Body() { userId, reason }: TransferAdminTeamRequest,
  ): Promise<AdminTeamResponse> {
    return AdminTeamResponse.of(await this.operations.transfer(id, userId.toLowerCase(), reason));
  }
}
