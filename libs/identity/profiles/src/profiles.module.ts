import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { EventsModule } from '@countersign/events';
import { OAuthModule } from '@countersign/oauth';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { ReservedNames } from './fields/reserved-names';
import { ProfileFields } from './profile-fields';
import { ProfilesAccountData } from './account-data/profiles-account-data';
import {
  ProfileEntity,
  ProfilePreferencesEntity,
  PublicProfileEntity,
  UsernameDigestEntity,
} from './store/profile.entity';
import { ProfilesRepository } from './store/profiles.repository';
import { ProfilesService } from './profiles.service';
import { ProofFieldUpkeep } from './proof-field-upkeep';
import { UsernameDigestWork } from './usernames/username-digest-work';
import { UsernameUpkeep } from './usernames/username-upkeep';
import { UsernamesRepository } from './usernames/usernames.repository';
import { UsersController } from './users.controller';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ProfileEntity,
      ProfilePreferencesEntity,
      PublicProfileEntity,
      UsernameDigestEntity,
    ]),
    ApplicationsModule,
    AuditModule,
    EventsModule,
    OAuthModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [UsersController],
  providers: [
    ProfileFields,
    ProfilesAccountData,
    ProfilesRepository,
    ProfilesService,
    ProofFieldUpkeep,
    ReservedNames,
    UsernameDigestWork,
    UsernamesRepository,
    UsernameUpkeep,
  ],
  exports: [
    ProfileFields,
    ProfilesAccountData,
    ProfilesService,
    ProofFieldUpkeep,
    ReservedNames,
    UsernameUpkeep,
  ],
})
export class ProfilesModule {}
