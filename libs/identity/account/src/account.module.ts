import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { InstallationController } from './admin/installation.controller';
import { RevocationController } from './admin/revocation.controller';
import { ActDecisions } from './rules/act-decisions';
import { AccountActs, accountOperations } from './rules/account-acts.service';
import { AccountService } from './account.service';
import { AdminIdentitiesController } from './admin/identities.controller';
import { UserLookups } from './admin/user-lookups.service';
import { UserReveals } from './reveals/user-reveals.service';
import { AdminUsersController } from './admin/users.controller';
import { ErasureCompletion } from './erasure/erasure-completion';
import { ErasureController } from './erasure/erasure.controller';
import { ErasureService } from './erasure/erasure.service';
import { ExportController } from './export/export.controller';
import { ExportService } from './export/export.service';
import { IdentitiesController } from './identities/identities.controller';
import { LedgerAnswers } from './ledger/ledger-answers';
import { LedgerComparison } from './ledger/ledger-comparison';
import { LedgerMacs } from './ledger/ledger-macs';
import { MeController } from './me.controller';
import { MergeService } from './merge.service';
import { OwnIdentitiesService } from './identities/own-identities.service';
import { JoinAcceptance } from './joins/join-acceptance.service';
import { JoinEntity } from './joins/join.entity';
import { JoinsController, OwnJoinsController } from './joins/joins.controller';
import { JoinsService } from './joins/joins.service';
import { AccountDataOfModules } from './account-data-of-modules';
import { Grants } from './step-up/grants';
import { StepUpEntity } from './step-up/step-up.entity';
import { AccountJoinEntity } from './separation/account-join.entity';
import { RecentMerges } from './separation/recent-merges';
import { OwnSeparationsService } from './separation/own-separations.service';
import { Separation } from './separation/separation';
import { SeparationsController } from './separation/separations.controller';
import { StepUpService } from './step-up/step-up.service';
import { revealedIdentityFields } from './reveals/revealed-fields';
import { accountEvents, accountScopes } from './account.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([JoinEntity, StepUpEntity, AccountJoinEntity]),
    ApplicationsModule,
    AuthModule,
    DiscoveryModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [
    AdminIdentitiesController,
    AdminUsersController,
    ErasureController,
    ExportController,
    IdentitiesController,
    InstallationController,
    JoinsController,
    MeController,
    OwnJoinsController,
    RevocationController,
    SeparationsController,
  ],
  providers: [
    AccountActs,
    ActDecisions,
    AccountDataOfModules,
    AccountService,
    ErasureCompletion,
    ErasureService,
    ExportService,
    Grants,
    JoinAcceptance,
    JoinsService,
    LedgerAnswers,
    LedgerComparison,
    LedgerMacs,
    RecentMerges,
    MergeService,
    OwnIdentitiesService,
    OwnSeparationsService,
    Separation,
    StepUpService,
    UserLookups,
    UserReveals,
  ],
  exports: [
    AccountActs,
    MergeService,
    ActDecisions,
    AccountService,
    LedgerComparison,
    OwnIdentitiesService,
    RecentMerges,
    JoinsService,
  ],
})
export class AccountModule {
  static readonly defines = {
    events: accountEvents,
    scopes: accountScopes,
    operations: accountOperations,
    revealedFields: revealedIdentityFields,
  };
}
