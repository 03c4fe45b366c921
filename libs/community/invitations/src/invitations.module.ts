import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { EventsModule } from '@countersign/events';
import { SessionsModule } from '@countersign/sessions';
import { TeamsModule } from '@countersign/teams';
import { UsersModule } from '@countersign/users';
import { InvitationDirectory } from './admin/invitation-directory';
import { InvitationDirectoryRepository } from './admin/invitation-directory.repository';
import { AdminInvitationsController } from './admin/invitations.controller';
import { Acceptances } from './acceptance';
import {
  InvitationBlockEntity,
  InvitationDeclineEntity,
  InvitationEntity,
  InvitationRecipientEntity,
  InvitationUseEntity,
  TeamRemovalEntity,
} from './invitation.entity';
import { InvitationFactsRepository } from './invitation-facts.repository';
import { InvitationMetrics } from './invitation-metrics';
import { InvitationRecipientWork } from './invitation-recipient-work';
import { InvitationRecipientsRepository } from './invitation-recipients.repository';
import { InvitationRecords } from './invitation-records';
import { InvitationSignIn } from './invitation-sign-in';
import { InvitationUpkeep } from './invitation-upkeep';
import { InvitationUsesRepository } from './invitation-uses.repository';
import { InvitationsController } from './invitations.controller';
import { InvitationsOfTeams } from './invitations-of-teams';
import { InvitationsJournal, InvitationsPart } from './invitations-part';
import { InvitationsRepository } from './invitations.repository';
import { InvitationsService } from './invitations.service';
import { Invitees } from './invitees';
import { OwnInvitationsController } from './own-invitations.controller';
import { OwnInvitationsService } from './own-invitations.service';
import { Removals } from './removals';
import { RemovalsRepository } from './removals.repository';
import { TeamInvitationsController } from './team-invitations.controller';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      InvitationBlockEntity,
      InvitationDeclineEntity,
      InvitationEntity,
      InvitationRecipientEntity,
      InvitationUseEntity,
      TeamRemovalEntity,
    ]),
    AccountModule,
    AdminModule,
    ApplicationsModule,
    AuditModule,
    EventsModule,
    SessionsModule,
    TeamsModule,
    UsersModule,
  ],
  controllers: [
    AdminInvitationsController,
    InvitationsController,
    OwnInvitationsController,
    TeamInvitationsController,
  ],
  providers: [
    InvitationDirectory,
    InvitationDirectoryRepository,
    Acceptances,
    InvitationFactsRepository,
    InvitationMetrics,
    InvitationRecipientWork,
    InvitationRecipientsRepository,
    InvitationRecords,
    InvitationSignIn,
    InvitationsOfTeams,
    InvitationsJournal,
    InvitationsPart,
    InvitationsRepository,
    InvitationsService,
    InvitationUpkeep,
    InvitationUsesRepository,
    Invitees,
    OwnInvitationsService,
    Removals,
    RemovalsRepository,
  ],
  exports: [InvitationDirectory],
})
export class InvitationsModule {}
