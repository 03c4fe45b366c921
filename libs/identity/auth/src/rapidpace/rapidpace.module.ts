import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule, RapidpaceSecretsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AuthModule } from '../auth.module';
import { RapidpaceController } from './rapidpace.controller';
import { RapidpaceHmacStrategy } from './rapidpace-hmac.strategy';
import { RapidpaceLinks } from './rapidpace-links.service';
import { RapidpaceLinkStrategy } from './rapidpace-link.strategy';
import { RapidpacePlayers } from './rapidpace-players.service';
import { RapidpaceRegistrationEntity } from './rapidpace-registration.entity';
import { RapidpaceVerifier } from './rapidpace-verifier';

/** The doors of Rapidpace. */
@Module({
  imports: [
    TypeOrmModule.forFeature([RapidpaceRegistrationEntity]),
    ApplicationsModule,
    AuthModule,
    RapidpaceSecretsModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [RapidpaceController],
  providers: [
    RapidpaceHmacStrategy,
    RapidpaceLinks,
    RapidpaceLinkStrategy,
    RapidpacePlayers,
    RapidpaceVerifier,
  ],
})
export class RapidpaceModule {}
