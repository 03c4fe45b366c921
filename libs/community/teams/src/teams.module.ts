import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { OAuthModule } from '@countersign/oauth';
import { ProfilesModule } from '@countersign/profiles';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AdminTeamsController } from './admin/teams.controller';
import { AccountTeamsRepository } from './account-data/account-teams.repository';
import { MembersController } from './members/members.controller';
import { MembersService } from './members/members.service';
import { TeamAccess } from './access/team-access';
import { TeamClaims } from './access/team-claims';
import { TeamListsService } from './team-lists.service';
import { TeamMembers } from './members/team-members';
import { TeamOwnership } from './team-ownership.service';
import { TeamListeners } from './on-team-change';
import { TeamRecords } from './team-records';
import { TeamEntity, TeamMemberEntity } from './store/team.entity';
import { TeamsController } from './teams.controller';
import { TeamSeparation } from './account-data/team-separation';
import { TeamsRepository } from './store/teams.repository';
import { TeamsAccountData } from './account-data/teams-account-data';
import { TeamsService } from './teams.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([TeamEntity, TeamMemberEntity]),
    AccountModule,
    AdminModule,
    ApplicationsModule,
    AuditModule,
    DiscoveryModule,
    OAuthModule,
    ProfilesModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AdminTeamsController, TeamsController, MembersController],
  providers: [
    AccountTeamsRepository,
    MembersService,
    TeamAccess,
    TeamClaims,
    TeamListsService,
    TeamMembers,
    TeamOwnership,
    TeamListeners,
    TeamRecords,
    TeamSeparation,
    TeamsAccountData,
    TeamsRepository,
    TeamsService,
  ],
  exports: [MembersService, TeamAccess, TeamListsService, TeamMembers, TeamRecords, TeamsService],
})
export class TeamsModule {}
