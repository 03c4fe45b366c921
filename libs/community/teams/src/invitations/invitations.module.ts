import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { TeamsModule } from '../teams.module';
import { UsersModule } from '@countersign/users';
import { InvitationEntity, InvitationUseEntity } from './store/invitation.entity';
import { InvitationRecords } from './invitation-records';
import { InvitationsController, TeamInvitationsController } from './invitations.controller';
import { InvitationsRepository } from './store/invitations.repository';
import { InvitationsService, OwnInvitationsService } from './invitations.service';
import { InvitationsAccountData } from './account-data/invitations-account-data';
import { invitationEvents } from './invitations.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([InvitationEntity, InvitationUseEntity]),
    AccountModule,
    ApplicationsModule,
    SessionsModule,
    TeamsModule,
    UsersModule,
  ],
  controllers: [InvitationsController, TeamInvitationsController],
  providers: [
    InvitationRecords,
    InvitationsAccountData,
    InvitationsRepository,
    InvitationsService,
    OwnInvitationsService,
  ],
})
export class InvitationsModule {
  static readonly defines = { events: invitationEvents };
}
