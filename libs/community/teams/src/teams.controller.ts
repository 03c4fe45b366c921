import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AcceptsGrant, AuthenticatedViewer, CurrentViewer, type ViewingCaller } from '@countersign/account';
import { ApiController, IdInPath, PageQuery, TakesMergePatch } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { MemberPage, SetRoleRequest } from './dto/member.dto';
import {
  CreateTeamRequest,
  TeamNameQuery,
  TeamPatch,
  TeamsQuery,
  TransferTeamRequest,
  TeamNameAvailabilityResponse,
  TeamPage,
  TeamResponse,
} from './dto/team.dto';
import type { TeamOfCaller } from './access/team-access';
import { CurrentTeam, TeamRoute } from './access/team-route';
import { MembersService } from './members.service';
import { TeamListsService } from './team-lists.service';
import { TeamOwnership } from './team-ownership.service';
import { TeamsService } from './teams.service';
import { teamPermissions } from './team-roles';

const MemberInPath = (): ParameterDecorator =>
  IdInPath('userId', 'team.member_not_found', 'The id of the account of the member.');

@ApiController('v1', 'Teams')
export class TeamsController {
  constructor(
    private readonly teams: TeamsService,
    private readonly lists: TeamListsService,
    private readonly members: MembersService,
    private readonly ownership: TeamOwnership,
  ) {}

  @Post('teams')
  @Authenticated('createTeam', TeamResponse, {
    summary: 'Create a team in the application',
    description: 'In the application of the session. The caller becomes its owner.',
    status: 201,
    errors: ['team.name_reserved', 'team.name_taken', 'team.not_accepted', 'team.too_many_teams'],
  })
  async create(@Caller() caller: Principal, @Body() request: CreateTeamRequest): Promise<TeamResponse> {
    return TeamResponse.of(await this.teams.create(caller, request));
  }

  @Get('teams')
  @AuthenticatedViewer('listTeams', TeamPage, 'List the teams of the application')
  list(@CurrentViewer() caller: ViewingCaller, @Query() query: TeamsQuery): Promise<TeamPage> {
    return this.lists.list(caller, query);
  }

  @Get('teams/availability')
  @AuthenticatedViewer('getTeamNameAvailability', TeamNameAvailabilityResponse, {
    summary: 'Get whether a name is free',
    description:
      'It is not while a team of the application has it or one that looks like it, and ' +
      'when it is reserved. The answer is no promise: another person may be faster.',
  })
  availability(
    @CurrentViewer() { applicationId }: ViewingCaller,
    @Query() { name }: TeamNameQuery,
  ): Promise<TeamNameAvailabilityResponse> {
    return this.teams.availability(applicationId, name);
  }

  @Get('teams/:teamId')
  @TeamRoute(teamPermissions.teamRead, 'getTeam', TeamResponse, 'Get one team by its id')
  get(@CurrentTeam() found: TeamOfCaller): TeamResponse {
    return TeamResponse.of(found);
  }

  @Patch('teams/:teamId')
  @TakesMergePatch()
  @TeamRoute(teamPermissions.teamChange, 'changeTeam', TeamResponse, {
    summary: 'Change what a team shows of itself',
    description:
      'A JSON merge patch, RFC 7396: fields that are left out stay, `null` removes. Editors cannot change the name.',
    errors: ['team.name_reserved', 'team.name_taken'],
  })
  async change(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @Body() patch: TeamPatch,
  ): Promise<TeamResponse> {
    return TeamResponse.of(await this.teams.change(caller, team.id, patch));
  }

  @Delete('teams/:teamId')
  @AcceptsGrant()
  @TeamRoute(teamPermissions.teamDelete, 'deleteTeam', null, 'Delete a team for good, after step-up')
  delete(@Caller() caller: Principal, @CurrentTeam() { team }: TeamOfCaller): Promise<void> {
    return this.ownership.delete(caller, team.id);
  }

  @Post('teams/:teamId/transfer')
  @AcceptsGrant()
  @TeamRoute(teamPermissions.teamTransfer, 'transferTeam', TeamResponse, {
    summary: 'Make another member the owner',
    description: 'After step-up. The caller becomes an admin.',
    errors: ['team.member_not_found', 'team.target_unavailable'],
  })
  async transfer(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @Body() { userId }: TransferTeamRequest,
  ): Promise<TeamResponse> {
    return TeamResponse.of(await this.ownership.transfer(caller, team.id, userId.toLowerCase()));
  }

  @Get('teams/:teamId/members')
  @TeamRoute(teamPermissions.membersList, 'listTeamMembers', MemberPage, 'List the members of a team')
  listMembers(
    @CurrentTeam() { team }: TeamOfCaller,
    @CurrentViewer() viewer: ViewingCaller,
    @Query() query: PageQuery,
  ): Promise<MemberPage> {
    return this.lists.listMembers(team.id, viewer, query);
  }

  @Patch('teams/:teamId/members/:userId')
  @AcceptsGrant()
  @TeamRoute(teamPermissions.membersSetRole, 'setTeamMemberRole', null, {
    summary: 'Change the role of a member',
    description:
      'A member gives and changes only roles below their own; making an admin needs a step-up. Admins and editors can take a lower role themselves.',
    ofSelf: teamPermissions.membersLeave,
  })
  setRole(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @MemberInPath() userId: string,
    @Body() { role }: SetRoleRequest,
  ): Promise<void> {
    return this.members.setRole(caller, team.id, userId, role);
  }

  @Delete('teams/:teamId/members/:userId')
  @TeamRoute(teamPermissions.membersRemove, 'removeTeamMember', null, {
    summary: 'Remove a member, or leave a team',
    description:
      'A member removes only members whose roles are below their own. All but the owner can leave, by their own id.',
    ofSelf: teamPermissions.membersLeave,
  })
  removeMember(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @MemberInPath() userId: string,
  ): Promise<void> {
    return this.members.remove(caller, team.id, userId);
  }
}
