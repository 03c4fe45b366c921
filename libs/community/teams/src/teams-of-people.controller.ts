import { Get, Query } from '@nestjs/common';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/oauth';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { TeamPage } from './dto/team.response';
import { TeamListsService } from './team-lists.service';

@ApiController('v1', 'Teams')
export class TeamsOfPeopleController {
  constructor(private readonly lists: TeamListsService) {}

  @Get('me/teams')
  @Authenticated('listOwnTeams', TeamPage, {
    summary: 'List one’s own teams',
    description:
      'In the application of the session. An owner sees deleted teams too, while they can be restored.',
  })
  listOwn(@Caller() caller: Principal, @Query() query: PageQuery): Promise<TeamPage> {
    return this.lists.listOwn(caller, query);
  }

  @Get('users/:userId/teams')
  @AuthenticatedClient('listTeamsOfUser', TeamPage, {
    summary: 'List the teams of a person',
    description:
      'In the application that calls, with the person’s role in each. For services whose identity token says ' +
      '`teamsTruncated`. Empty for an unknown account.',
  })
  listOf(
    @CurrentClient() applicationId: string,
    @IdInPath('userId', 'user.not_found', 'The id of the account, or of one that was merged into it.')
    userId: string,
    @Query() query: PageQuery,
  ): Promise<TeamPage> {
    return this.lists.listOf({ userId, applicationId }, query);
  }
}
