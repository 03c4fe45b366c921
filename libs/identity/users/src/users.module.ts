import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '@countersign/events';
import { IdentityAliasEntity, IdentityDigestEntity, IdentityEntity } from './identity.entity';
import { UserAliasEntity, UserApplicationEntity, UserEntity } from './user.entity';
import { UserErasureEntity } from './erasure.entity';
import { UsersInAudit } from './users-in-audit';
import { AccountEvents } from './account-events';
import { AccountLevels } from './account-levels';
import { ClaimsRepository } from './claims.repository';
import { ErasuresRepository } from './erasures.repository';
import { Erasures } from './erasures.service';
import { IdentityDirectory } from './directory/identity-directory';
import { IdentityFields } from './directory/identity-fields';
import { IdentityListRepository } from './directory/identity-list.repository';
import { UserDirectory } from './directory/user-directory';
import { UserListRepository } from './directory/user-list.repository';
import { UserLookup } from './directory/user-lookup.repository';
import { IdentitiesRepository } from './identities.repository';
import { IdentitiesService } from './identities.service';
import { IdentityDigestWork } from './identity-digest-work';
import { IdentityDigestsRepository } from './identity-digests.repository';
import { IdentityMoving } from './identity-moving';
import { IdentityParts } from './identity-part';
import { ProofCutoffEntity } from './proof-cutoff.entity';
import { ProofCutoffs } from './proof-cutoffs';
import { ProofCutoffsRepository } from './proof-cutoffs.repository';
import { IdleUsers } from './idle-users.repository';
import { InstallationEntity } from './installation.entity';
import { InstallationRepository } from './installation.repository';
import { LookupDigestEntity, LookupFieldEntity } from './lookup/lookup.entity';
import { LookupDigestWork } from './lookup/lookup-digest-work';
import { LookupDigestsRepository } from './lookup/lookup-digests.repository';
import { LookupStates } from './lookup/lookup-states';
import { LookupStatesRepository } from './lookup/lookup-states.repository';
import { LookupUpkeep } from './lookup/lookup-upkeep';
import { IdentityMarkEntity } from './marks/identity-mark.entity';
import { IdentityMarks } from './marks/identity-marks';
import { IdentityMarksRepository } from './marks/identity-marks.repository';
import { IdentityMarkUpkeep } from './marks/identity-mark-upkeep';
import { IdentityMarkWork } from './marks/identity-mark-work';
import { UserMerging } from './user-merging';
import { UserMovesRepository } from './user-moves.repository';
import { UserReturning } from './user-returning';
import { UserSplitting } from './user-splitting';
import { UsersExportRepository } from './users-export.repository';
import { UsersJournal } from './users-journal';
import { UsersJournalRepository } from './users-journal.repository';
import { UsersPart } from './users-part';
import { UnneededFields } from './unneeded-fields.repository';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      IdentityAliasEntity,
      IdentityDigestEntity,
      IdentityEntity,
      IdentityMarkEntity,
      InstallationEntity,
      LookupDigestEntity,
      LookupFieldEntity,
      ProofCutoffEntity,
      UserAliasEntity,
      UserApplicationEntity,
      UserErasureEntity,
      UserEntity,
    ]),
    DiscoveryModule,
    EventsModule,
  ],
  providers: [
    AccountEvents,
    AccountLevels,
    ClaimsRepository,
    Erasures,
    ErasuresRepository,
    IdentitiesRepository,
    IdentitiesService,
    IdentityDigestWork,
    IdentityDigestsRepository,
    IdentityDirectory,
    IdentityFields,
    IdentityListRepository,
    IdentityMarks,
    IdentityMarksRepository,
    IdentityMarkUpkeep,
    IdentityMarkWork,
    IdentityMoving,
    IdentityParts,
    IdleUsers,
    InstallationRepository,
    LookupDigestsRepository,
    LookupDigestWork,
    LookupStates,
    LookupStatesRepository,
    LookupUpkeep,
    ProofCutoffs,
    ProofCutoffsRepository,
    UnneededFields,
    UserDirectory,
    UserListRepository,
    UserLookup,
    UserMerging,
    UserMovesRepository,
    UserReturning,
    UsersJournal,
    UsersJournalRepository,
    UsersService,
    UserSplitting,
    UsersExportRepository,
    UsersInAudit,
    UsersPart,
    UsersRepository,
  ],
  exports: [
    AccountEvents,
    AccountLevels,
    Erasures,
    IdentitiesService,
    IdentityDirectory,
    IdentityFields,
    IdentityMarks,
    IdleUsers,
    InstallationRepository,
    LookupStates,
    LookupUpkeep,
    ProofCutoffs,
    UnneededFields,
    UserDirectory,
    UserLookup,
    UserMerging,
    UserReturning,
    UsersService,
    UserSplitting,
  ],
})
export class UsersModule {}
