import { Body, Delete, Get, Patch, Query } from '@nestjs/common';
import { AcceptsGrant } from '@countersign/account';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { CurrentViewer, type ViewingCaller } from '@countersign/profiles';
import { Caller, type Principal } from '@countersign/sessions';
import { MemberPage, SetRoleRequest } from '../dto/member.dto';
import { MembersService } from './members.service';
import type { TeamOfCaller } from '../access/team-access';
import { CurrentTeam, TeamAct } from '../access/team-act';
import { TeamListsService } from '../team-lists.service';

const MemberInPath = (): ParameterDecorator =>
  IdInPath('userId', 'team.member_not_found', 'The id of the account of the member.');

@ApiController('v1/teams/:teamId/members', 'Teams')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly lists: TeamListsService,
  ) {}

  @Get()
  @TeamAct('members.list', 'listTeamMembers', MemberPage, 'List the members of a team')
  list(
    @CurrentTeam() { team }: TeamOfCaller,
    @CurrentViewer() viewer: ViewingCaller,
    @Query() query: PageQuery,
  ): Promise<MemberPage> {
    return this.lists.listMembers(team.id, viewer, query);
  }

  @Patch(':userId')
  @AcceptsGrant()
  @TeamAct('members.set_role', 'setTeamMemberRole', null, {
    summary: 'Change the role of a member',
    description:
      'A member gives and changes only roles below their own; making an admin needs a step-up. Admins and editors can take a lower role themselves.',
    ofSelf: 'members.leave',
  })
  setRole(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @MemberInPath() userId: string,
    @Body() { role }: SetRoleRequest,
  ): Promise<void> {
    return this.members.setRole(caller, team.id, userId, role);
  }

  @Delete(':userId')
  @TeamAct('members.remove', 'removeTeamMember', null, {
    summary: 'Remove a member, or leave a team',
    description:
      'A member removes only members whose roles are below their own. All but the owner can leave, by their own id.',
    ofSelf: 'members.leave',
  })
  remove(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @MemberInPath() userId: string,
  ): Promise<void> {
    return this.members.remove(caller, team.id, userId);
  }
}
