import { Module } from '@nestjs/common';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule, signInDoors } from '@countersign/auth';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AccountActs, AccountPlaneGuard } from './account-plane';
import { AccountService } from './account.service';
import { ContactService } from './contact.service';
import { DetachmentService } from './detachment.service';
import { InstallationService } from './installation.service';
import { IdentitiesController } from './identities.controller';
import { linkControllerOf } from './link.controller';
import { MeController } from './me.controller';
import { MergeService } from './merge.service';
import { OwnIdentitiesService } from './own-identities.service';
import { AccountParts } from './parts';
import { StepUpService } from './step-up.service';

@Module({
  imports: [ApplicationsModule, AuditModule, AuthModule, SessionsModule, UsersModule],
  controllers: [IdentitiesController, ...signInDoors.map(linkControllerOf), MeController],
  providers: [
    AccountActs,
    AccountParts,
    AccountPlaneGuard,
    AccountService,
    ContactService,
    DetachmentService,
    InstallationService,
    MergeService,
    OwnIdentitiesService,
    StepUpService,
  ],
  exports: [AccountActs, AccountService, DetachmentService, InstallationService, OwnIdentitiesService],
})
export class AccountModule {}
