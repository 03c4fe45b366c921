import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '@countersign/events';
import { IdentityDigestEntity, IdentityEntity } from './store/identity.entity';
import { UserAliasEntity, UserApplicationEntity, UserEntity } from './store/user.entity';
import { UserErasureEntity } from './erasure/erasure.entity';
import { UsersInAudit } from './account-data/users-in-audit';
import { AccountEvents } from './accounts/account-events';
import { AccountLevels } from './levels/account-levels';
import { ClaimsRepository } from './accounts/claims.repository';
import { Erasures } from './erasure/erasures.service';
import { IdentityDirectory } from './directory/identity-directory';
import { IdentityFields } from './directory/identity-fields';
import { UserDirectory } from './directory/user-directory';
import { UserLookup } from './directory/user-lookup.repository';
import { IdentitiesRepository } from './store/identities.repository';
import { IdentitiesService } from './accounts/identities.service';
import { IdentityDigestWork } from './digests/identity-digest-work';
import { InstallationEntity } from './installation/installation.entity';
import { InstallationRepository } from './installation/installation.repository';
import { IdentityListeners } from './accounts/on-identity-change';
import { LookupDigestEntity } from './lookup/lookup.entity';
import { LookupDigestWork } from './lookup/lookup-digest-work';
import { LookupDigestsRepository } from './lookup/lookup-digests.repository';
import { LookupUpkeep } from './lookup/lookup-upkeep';
import { UserMerging } from './moves/user-merging';
import { UserMovesRepository } from './moves/user-moves.repository';
import { UserReturning } from './moves/user-returning';
import { UserSplitting } from './moves/user-splitting';
import { UserImports } from './imports/user-imports';
import { MergedUsersRepository } from './account-data/merged-users.repository';
import { UsersRepository } from './store/users.repository';
import { UsersService } from './accounts/users.service';
import { UsersAccountData } from './account-data/users-account-data';

/** What other modules use. */
const used = [
  AccountEvents,
  AccountLevels,
  Erasures,
  IdentitiesService,
  IdentityDirectory,
  IdentityFields,
  InstallationRepository,
  LookupUpkeep,
  UserDirectory,
  UserImports,
  UserLookup,
  UserMerging,
  UserReturning,
  UsersService,
  UserSplitting,
];

@Module({
  imports: [
    TypeOrmModule.forFeature([
      IdentityDigestEntity,
      IdentityEntity,
      InstallationEntity,
      LookupDigestEntity,
      UserAliasEntity,
      UserApplicationEntity,
      UserErasureEntity,
      UserEntity,
    ]),
    DiscoveryModule,
    EventsModule,
  ],
  providers: [
    ...used,
    ClaimsRepository,
    IdentitiesRepository,
    IdentityDigestWork,
    IdentityListeners,
    LookupDigestsRepository,
    LookupDigestWork,
    UserMovesRepository,
    MergedUsersRepository,
    UsersInAudit,
    UsersAccountData,
    UsersRepository,
  ],
  exports: used,
})
export class UsersModule {}
