import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityAliasEntity, IdentityDigestEntity, IdentityEntity } from './identity.entity';
import { UserAliasEntity, UserApplicationEntity, UserEntity } from './user.entity';
import { AccountLevels } from './account-levels';
import { ClaimsRepository } from './claims.repository';
import { IdentitiesRepository } from './identities.repository';
import { IdentitiesService } from './identities.service';
import { IdentityMoving } from './identity-moving';
import { InstallationEntity } from './installation.entity';
import { UserMerging } from './user-merging';
import { UserMovesRepository } from './user-moves.repository';
import { UserSplitting } from './user-splitting';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      IdentityAliasEntity,
      IdentityDigestEntity,
      IdentityEntity,
      InstallationEntity,
      UserAliasEntity,
      UserApplicationEntity,
      UserEntity,
    ]),
  ],
  providers: [
    AccountLevels,
    ClaimsRepository,
    IdentitiesRepository,
    IdentitiesService,
    IdentityMoving,
    UserMerging,
    UserMovesRepository,
    UsersService,
    UserSplitting,
    UsersRepository,
  ],
  exports: [AccountLevels, IdentitiesService, UserMerging, UsersService, UserSplitting],
})
export class UsersModule {}
