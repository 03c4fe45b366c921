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
import { ProfilesJournal } from './profiles-journal';
import { ProfilesJournalRepository } from './profiles-journal.repository';
import { ProfilesPart } from './profiles-part';
import {
  ProfileEntity,
  ProfilePreferencesEntity,
  PublicProfileEntity,
  UsernameDigestEntity,
} from './profile.entity';
import { ProfilesRepository } from './profiles.repository';
import { ProfilesService } from './profiles.service';
import { ProofFieldUpkeep } from './proof-field-upkeep';
import { HeldUsernames, UsernameDigestWork } from './username-digest-work';
import { UsernameKeysRepository } from './username-keys.repository';
import { UsernameUpkeep } from './username-upkeep';
import { UsernamesRepository } from './usernames.repository';
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
    HeldUsernames,
    ProfileFields,
    ProfilesJournal,
    ProfilesJournalRepository,
    ProfilesPart,
    ProfilesRepository,
    ProfilesService,
    ProofFieldUpkeep,
    ReservedNames,
    UsernameDigestWork,
    UsernameKeysRepository,
    UsernamesRepository,
    UsernameUpkeep,
  ],
  exports: [ProfileFields, ProfilesPart, ProfilesService, ProofFieldUpkeep, ReservedNames, UsernameUpkeep],
})
export class ProfilesModule {}
