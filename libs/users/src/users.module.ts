import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityAliasEntity, IdentityDigestEntity, IdentityEntity } from './identity.entity';
import { UserAliasEntity, UserEntity } from './user.entity';
import { IdentitiesRepository } from './identities.repository';
import { IdentitiesService } from './identities.service';
import { UserMerging } from './user-merging';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      IdentityAliasEntity,
      IdentityDigestEntity,
      IdentityEntity,
      UserAliasEntity,
      UserEntity,
    ]),
  ],
  providers: [IdentitiesService, IdentitiesRepository, UserMerging, UsersService, UsersRepository],
  exports: [IdentitiesService, UserMerging, UsersService],
})
export class UsersModule {}
