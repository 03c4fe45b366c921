import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { EventsModule } from '@countersign/events';
import { OAuthModule } from '@countersign/oauth';
import { ProfilesModule } from '@countersign/profiles';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AdminTeamMembersController, AdminUserTeamsController } from './admin/team-members.controller';
import { TeamDirectory } from './admin/team-directory';
import { TeamDirectoryRepository } from './admin/team-directory.repository';
import { AdminTeamsController } from './admin/teams.controller';
import { TeamClaims } from './claims/team-claims';
import { TeamClaimsRepository } from './claims/team-claims.repository';
import { AccountTeamsRepository } from './account-data/account-teams.repository';
import { MembersController } from './members/members.controller';
import { MembersService } from './members/members.service';
import { RoleHolders } from './access/role-holders';
import { TeamAccess } from './access/team-access';
import { TeamChannel } from './store/team-channel.repository';
import { TeamErasure } from './account-data/team-erasure';
import { TeamListsService } from './team-lists.service';
import { TeamMemberEntity } from './store/team-member.entity';
import { TeamMembers } from './members/team-members';
import { TeamMembersRepository } from './store/team-members.repository';
import { TeamMerging } from './account-data/team-merging';
import { TeamOwnership } from './team-ownership.service';
import { TeamListeners } from './on-team-change';
import { TeamRecords } from './team-records';
import { TeamUpkeep } from './upkeep/team-upkeep';
import { TeamUpkeepRepository } from './upkeep/team-upkeep.repository';
import { TeamEntity } from './store/team.entity';
import { TeamsOfPeopleController } from './teams-of-people.controller';
import { TeamsController } from './teams.controller';
import { TeamSeparation } from './account-data/team-separation';
import { MergedMembersRepository } from './account-data/merged-members.repository';
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
    EventsModule,
    OAuthModule,
    ProfilesModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [
    AdminTeamMembersController,
    AdminTeamsController,
    AdminUserTeamsController,
    TeamsController,
    MembersController,
    TeamsOfPeopleController,
  ],
  providers: [
    AccountTeamsRepository,
    MembersService,
    RoleHolders,
    TeamAccess,
    TeamChannel,
    TeamClaims,
    TeamClaimsRepository,
    TeamDirectory,
    TeamDirectoryRepository,
    TeamErasure,
    TeamListsService,
    TeamMembers,
    TeamMembersRepository,
    TeamMerging,
    TeamOwnership,
    TeamListeners,
    TeamRecords,
    TeamSeparation,
    MergedMembersRepository,
    TeamsAccountData,
    TeamsRepository,
    TeamsService,
    TeamUpkeep,
    TeamUpkeepRepository,
  ],
  exports: [MembersService, TeamAccess, TeamListsService, TeamMembers, TeamRecords, TeamUpkeep, TeamsService],
})
export class TeamsModule {}
