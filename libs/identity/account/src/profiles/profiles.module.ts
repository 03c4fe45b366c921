import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '../account.module';
import { ApplicationsModule } from '@countersign/applications';
import { OAuthModule } from '@countersign/gateway';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { ContactController } from './contact/contact.controller';
import { ContactService } from './contact/contact.service';
import { ReservedNames } from './fields/reserved-names';
import { OwnProfileController, OwnProfileInMe } from './me/own-profile.controller';
import { ProfilesAccountData } from './account-data/profiles-account-data';
import {
  ProfileEntity,
  ProfilePreferencesEntity,
  PublicProfileEntity,
  UsernameDigestEntity,
} from './store/profile.entity';
import { ProfilesRepository } from './store/profiles.repository';
import { ProfilesService } from './profiles.service';
import { UsernameDigestWork, UsernamesRepository } from './usernames/usernames.repository';
import { UsersController } from './users.controller';
import { profileOperations } from './changes/profile-change';
import { profileEvents, revealedProfileFields } from './profiles.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ProfileEntity,
      ProfilePreferencesEntity,
      PublicProfileEntity,
      UsernameDigestEntity,
    ]),
    AccountModule,
    ApplicationsModule,
    OAuthModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [ContactController, OwnProfileController, UsersController],
  providers: [
    ContactService,
    OwnProfileInMe,
    ProfilesAccountData,
    ProfilesRepository,
    ProfilesService,
    ReservedNames,
    UsernameDigestWork,
    UsernamesRepository,
  ],
  exports: [ProfilesService, ReservedNames],
})
export class ProfilesModule {
  static readonly defines = {
    events: profileEvents,
    operations: profileOperations,
    revealedFields: revealedProfileFields,
  };
}
