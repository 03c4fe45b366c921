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
import { TeamOperations } from './admin/team-operations';
import { AdminTeamsController } from './admin/teams.controller';
import { TeamClaims } from './claims/team-claims';
import { TeamClaimsRepository } from './claims/team-claims.repository';
import { AccountTeamsRepository } from './account-teams.repository';
import { MembersController } from './members.controller';
import { MembersService } from './members.service';
import { RoleHolders } from './role-holders';
import { TeamAccess } from './team-access';
import { TeamChannel } from './team-channel.repository';
import { TeamDivision } from './team-division';
import { TeamErasure } from './team-erasure';
import { TeamHistoryEntity } from './team-history.entity';
import { TeamHistoryRepository } from './team-history.repository';
import { TeamListsService } from './team-lists.service';
import { TeamMemberEntity } from './team-member.entity';
import { TeamMembers } from './team-members';
import { TeamMembersRepository } from './team-members.repository';
import { TeamMerging } from './team-merging';
import { TeamOwnership } from './team-ownership.service';
import { TeamParts } from './team-part';
import { TeamRecords } from './team-records';
import { TeamReversion } from './team-reversion.service';
import { TeamReversionRepository } from './team-reversion.repository';
import { TeamUpkeep } from './team-upkeep';
import { TeamUpkeepRepository } from './team-upkeep.repository';
import { TeamEntity } from './team.entity';
import { TeamsOfPeopleController } from './teams-of-people.controller';
import { TeamsController } from './teams.controller';
import { TeamsJournal } from './teams-journal';
import { TeamsJournalRepository } from './teams-journal.repository';
import { TeamsPart } from './teams-part';
import { TeamsRepository } from './teams.repository';
import { TeamsService } from './teams.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([TeamEntity, TeamHistoryEntity, TeamMemberEntity]),
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
    TeamOperations,
    TeamDivision,
    TeamErasure,
    TeamHistoryRepository,
    TeamListsService,
    TeamMembers,
    TeamMembersRepository,
    TeamMerging,
    TeamOwnership,
    TeamParts,
    TeamRecords,
    TeamReversion,
    TeamReversionRepository,
    TeamsJournal,
    TeamsJournalRepository,
    TeamsPart,
    TeamsRepository,
    TeamsService,
    TeamUpkeep,
    TeamUpkeepRepository,
  ],
  exports: [MembersService, TeamAccess, TeamDirectory, TeamMembers, TeamOperations, TeamRecords, TeamUpkeep],
})
export class TeamsModule {}
