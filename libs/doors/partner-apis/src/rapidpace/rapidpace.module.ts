import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AuthModule } from '@countersign/auth';
import { RapidpaceController } from './rapidpace.controller';
import { RapidpaceHmacDoor, RapidpaceLinkDoor } from './rapidpace.doors';
import { RapidpaceHmacStrategy } from './strategies/rapidpace-hmac.strategy';
import { RapidpaceLinkStrategy } from './strategies/rapidpace-link.strategy';
import { PlayerPageGuard } from './refused-player-page';
import { RapidpaceVerifier } from './rapidpace-verifier';
import { RapidpaceRegistrationEntity, RegistrationsRepository } from './registrations.repository';
import { RapidpaceSecretDigestWork } from './secrets/rapidpace-secret-digest-work';
import { RapidpaceSecretEntity, RapidpaceSecrets } from './secrets/rapidpace-secrets';
import { RapidpaceSecretsController } from './secrets/rapidpace-secrets.controller';
import { rapidpaceEvents, rapidpaceMethods, rapidpacePreset, rapidpaceSettings } from './rapidpace.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([RapidpaceRegistrationEntity, RapidpaceSecretEntity]),
    ApplicationsModule,
    AuthModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [RapidpaceController, RapidpaceSecretsController],
  providers: [
    PlayerPageGuard,
    RapidpaceHmacDoor,
    RapidpaceHmacStrategy,
    RapidpaceLinkDoor,
    RapidpaceLinkStrategy,
    RapidpaceSecretDigestWork,
    RapidpaceSecrets,
    RapidpaceVerifier,
    RegistrationsRepository,
  ],
})
export class RapidpaceModule {
  static readonly defines = {
    doors: [RapidpaceHmacDoor, RapidpaceLinkDoor],
    events: rapidpaceEvents,
    settings: [rapidpaceSettings],
    loginMethods: rapidpaceMethods,
    presets: [rapidpacePreset],
  };
}
