import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AuthController } from './auth.controller';
import { InitDataVerifier } from './init-data-verifier';
import { TelegramInitDataStrategy } from './init-data.strategy';
import { ProofEntity } from './proof.entity';
import { ProofUpkeep } from './proof-upkeep';
import { ProofsRepository } from './proofs.repository';
import { RefreshSignInService } from './refresh-sign-in.service';
import { SignInService } from './sign-in.service';
import { TelegramKeys } from './telegram-keys';

@Module({
  imports: [
    TypeOrmModule.forFeature([ProofEntity]),
    ApplicationsModule,
    AuditModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AuthController],
  providers: [
    InitDataVerifier,
    ProofsRepository,
    ProofUpkeep,
    RefreshSignInService,
    SignInService,
    TelegramInitDataStrategy,
    TelegramKeys,
  ],
  exports: [InitDataVerifier, ProofUpkeep],
})
export class AuthModule {}
