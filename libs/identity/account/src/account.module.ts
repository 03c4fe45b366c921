import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { EventsModule } from '@countersign/events';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { InstallationController } from './admin/installation.controller';
import { RevocationController, UserRevocationController } from './admin/revocation.controller';
import { ActDecisions } from './rules/act-decisions';
import { AccountActs } from './rules/account-acts.service';
import { AccountService } from './account.service';
import { AdminIdentitiesController } from './admin/identities.controller';
import { UserLookups } from './admin/user-lookups.service';
import { AdminUserRequestsController } from './admin/user-requests.controller';
import { UserReveals } from './reveals/user-reveals.service';
import { AdminUsersController } from './admin/users.controller';
import { DetachmentService } from './identities/detachment.service';
import { LedgerReplay } from './erasure/ledger-replay';
import { ErasureCompletion } from './erasure/erasure-completion';
import { ErasureController } from './erasure/erasure.controller';
import { ErasureService } from './erasure/erasure.service';
import { ErasureWithdrawal } from './erasure/erasure-withdrawal';
import { AuditAccountData } from './export/audit-account-data';
import { ExportController } from './export/export.controller';
import { ExportService } from './export/export.service';
import { InstallationService } from './installation.service';
import { IdentitiesController } from './identities/identities.controller';
import { MeController } from './me.controller';
import { MergeService } from './merge.service';
import { OwnIdentitiesService } from './identities/own-identities.service';
import { JoinAcceptance } from './joins/join-acceptance.service';
import { JoinEntity } from './joins/join.entity';
import { JoinSignIn } from './joins/join-sign-in';
import { JoinsController, OwnJoinsController } from './joins/joins.controller';
import { JoinsRepository } from './joins/joins.repository';
import { JoinsService } from './joins/joins.service';
import { AccountDataOfModules } from './account-data-of-modules';
import { Grants } from './step-up/grants';
import { StepUpEntity } from './step-up/step-up.entity';
import { StepUpRequestsController } from './step-up/step-up-requests.controller';
import { StepUpRequests } from './step-up/step-up-requests.service';
import { StepUpSignIn } from './step-up/step-up-sign-in';
import { StepUpsRepository } from './step-up/step-ups.repository';
import { AccountJoinEntity } from './separation/account-join.entity';
import { AccountJoinsRepository } from './separation/account-joins.repository';
import { RecentMerges } from './separation/recent-merges';
import { JoinsAccountData } from './separation/joins-account-data';
import { MergeJournal } from './separation/merge-journal';
import { OwnSeparationsService } from './separation/own-separations.service';
import { Separation } from './separation/separation';
import { SeparationsController } from './separation/separations.controller';
import { StepUpService } from './step-up/step-up.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([JoinEntity, StepUpEntity, AccountJoinEntity]),
    AdminModule,
    ApplicationsModule,
    AuditModule,
    AuthModule,
    DiscoveryModule,
    EventsModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [
    AdminIdentitiesController,
    AdminUserRequestsController,
    AdminUsersController,
    ErasureController,
    ExportController,
    IdentitiesController,
    InstallationController,
    JoinsController,
    MeController,
    OwnJoinsController,
    RevocationController,
    StepUpRequestsController,
    SeparationsController,
    UserRevocationController,
  ],
  providers: [
    AccountActs,
    ActDecisions,
    AccountJoinsRepository,
    AccountDataOfModules,
    AccountService,
    AuditAccountData,
    DetachmentService,
    ErasureCompletion,
    LedgerReplay,
    ErasureService,
    ErasureWithdrawal,
    ExportService,
    Grants,
    InstallationService,
    JoinAcceptance,
    JoinSignIn,
    JoinsRepository,
    JoinsService,
    RecentMerges,
    JoinsAccountData,
    MergeJournal,
    MergeService,
    OwnIdentitiesService,
    OwnSeparationsService,
    StepUpRequests,
    Separation,
    StepUpService,
    StepUpSignIn,
    StepUpsRepository,
    UserLookups,
    UserReveals,
  ],
  exports: [
    AccountActs,
    Grants,
    MergeService,
    ActDecisions,
    AccountService,
    LedgerReplay,
    OwnIdentitiesService,
    RecentMerges,
    JoinsService,
    StepUpRequests,
  ],
})
export class AccountModule {}
