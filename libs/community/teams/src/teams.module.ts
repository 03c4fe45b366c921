import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule, ProfilesModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { OAuthModule } from '@countersign/gateway';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AdminTeamsController } from './admin/teams.controller';
import { AccountTeamsRepository } from './account-data/account-teams.repository';
import { MembersService, TeamMembers } from './members.service';
import { TeamAccess, TeamClaims } from './access/team-access';
import { TeamListsService } from './team-lists.service';
import { TeamOwnership } from './team-ownership.service';
import { TeamRecords } from './team-records';
import { TeamEntity, TeamMemberEntity } from './store/team.entity';
import { TeamsController } from './teams.controller';
import { TeamsAccountData } from './account-data/teams-account-data';
import { TeamsRepository } from './store/teams.repository';
import { TeamsService } from './teams.service';
import { allTeamOperations } from './access/team-operations';
import { teamEvents, teamScopes, teamSettings } from './teams.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([TeamEntity, TeamMemberEntity]),
    AccountModule,
    ApplicationsModule,
    DiscoveryModule,
    OAuthModule,
    ProfilesModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AdminTeamsController, TeamsController],
  providers: [
    AccountTeamsRepository,
    MembersService,
    TeamAccess,
    TeamClaims,
    TeamListsService,
    TeamMembers,
    TeamOwnership,
    TeamRecords,
    TeamsAccountData,
    TeamsRepository,
    TeamsService,
  ],
  exports: [MembersService, TeamAccess, TeamListsService, TeamMembers, TeamRecords, TeamsService],
})
export class TeamsModule {
  static readonly defines = {
    events: teamEvents,
    scopes: teamScopes,
    settings: [teamSettings],
    operations: allTeamOperations,
  };
}
