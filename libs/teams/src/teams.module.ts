import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { EventsModule } from '@countersign/events';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { TeamAccess } from './team-access';
import { TeamChannel } from './team-channel.repository';
import { TeamHistoryEntity } from './team-history.entity';
import { TeamHistoryRepository } from './team-history.repository';
import { TeamMemberEntity } from './team-member.entity';
import { TeamMembers } from './team-members';
import { TeamMembersRepository } from './team-members.repository';
import { TeamParts } from './team-part';
import { TeamRecords } from './team-records';
import { TeamEntity } from './team.entity';
import { TeamsRepository } from './teams.repository';

@Module({
  imports: [
    TypeOrmModule.forFeature([TeamEntity, TeamHistoryEntity, TeamMemberEntity]),
    AccountModule,
    ApplicationsModule,
    AuditModule,
    DiscoveryModule,
    EventsModule,
    SessionsModule,
    UsersModule,
  ],
  providers: [
    TeamAccess,
    TeamChannel,
    TeamHistoryRepository,
    TeamMembers,
    TeamMembersRepository,
    TeamParts,
    TeamRecords,
    TeamsRepository,
  ],
  exports: [TeamAccess, TeamChannel, TeamMembers, TeamRecords],
})
export class TeamsModule {}
