import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityDigestEntity, IdentityEntity } from './store/identity.entity';
import { UserAliasEntity, UserApplicationEntity, UserEntity } from './store/user.entity';
import { UserErasureEntity } from './erasure/erasure.entity';
import { AccountEvents } from './accounts/account-events';
import { AccountLevels } from './levels/account-levels';
import { ClaimsRepository } from './accounts/claims.repository';
import { Erasures } from './erasure/erasures.service';
import { IdentityDirectory } from './directory/identity-directory.repository';
import { UserDirectory } from './directory/user-directory.repository';
import { UserLookup } from './directory/user-lookup.repository';
import { IdentitiesRepository } from './store/identities.repository';
import { IdentitiesService } from './accounts/identities.service';
import { IdentityDigestWork, LookupDigestWork } from './digests/identity-digest-work';
import { Installation, InstallationEntity } from './installation';
import { IdentityListeners } from './accounts/on-identity-change';
import { LookupDigestEntity, LookupDigestsRepository } from './lookup/lookup-digests.repository';
import { LookupUpkeep } from './lookup/lookup-upkeep';
import { UserMerging } from './moves/user-merging.repository';
import { UserSplitting } from './moves/user-splitting';
import { UserImports } from './imports/user-imports';
import { UsersRepository } from './store/users.repository';
import { UsersService } from './accounts/users.service';
import { UsersAccountData } from './account-data/users-account-data';
import { userEvents } from './users.feature';

const used = [
  AccountEvents,
  AccountLevels,
  Erasures,
  IdentitiesService,
  IdentityDirectory,
  Installation,
  LookupUpkeep,
  UserDirectory,
  UserImports,
  UserLookup,
  UserMerging,
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
  ],
  providers: [
    ...used,
    ClaimsRepository,
    IdentitiesRepository,
    IdentityDigestWork,
    IdentityListeners,
    LookupDigestsRepository,
    LookupDigestWork,
    UsersAccountData,
    UsersRepository,
  ],
  exports: used,
})
export class UsersModule {
  static readonly defines = { events: userEvents };
}
