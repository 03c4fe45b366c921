import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { IssuerModule } from '@countersign/issuer';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AuthController } from './auth.controller';
import { BoundKeys } from './bound-keys';
import { ExchangeDoor, ExchangeStrategy } from './exchange/exchange.door';
import { RedirectCodeEntity } from './exchange/redirect-code.entity';
import { RedirectCodes } from './exchange/redirect-codes';
import { OidcController } from './oidc/oidc.controller';
import { OidcSignInService } from './oidc/oidc-sign-in.service';
import { OidcTransactionEntity } from './oidc/oidc-transaction.entity';
import { OidcTransactions } from './oidc/oidc-transactions';
import { TelegramOidc } from './oidc/telegram-oidc';
import { OpenWeb3Controller } from './openweb3/openweb3.controller';
import { OpenWeb3InitDataDoor, OpenWeb3InitDataStrategy } from './openweb3/openweb3-init-data.door';
import { RequesterGuard } from './per-request/authenticated-per-request';
import { PerRequestInitData } from './per-request/per-request-init-data';
import { FirstProofs } from './sign-in/first-proofs';
import { Newcomers } from './sign-in/newcomers';
import { AnyInitDataDoor, PresentedProofs } from './presented-proofs';
import { ProofEntity } from './replay/proof.entity';
import { ProofPairEntity } from './replay/proof-pair.entity';
import { ProofPairUpkeep } from './replay/proof-pair-upkeep';
import { ProofSpending } from './replay/proof-spending';
import { ProofUpkeep } from './replay/proof-upkeep';
import { ProofsRepository } from './replay/proofs.repository';
import { RapidpaceController } from './rapidpace/rapidpace.controller';
import { RapidpaceLinks } from './rapidpace/rapidpace-links.service';
import { RapidpacePlayers } from './rapidpace/rapidpace-players.service';
import { RapidpaceVerifier } from './rapidpace/rapidpace-verifier';
import { RapidpaceLinkStrategy, RapidpacePlayerStrategy } from './rapidpace/rapidpace.strategies';
import { RedirectUpkeep } from './redirect-upkeep';
import { RefreshSignInService } from './sign-in/refresh-sign-in.service';
import { SignInAnswers } from './sign-in/sign-in-answers';
import { SignInLimits } from './doors/sign-in-limits';
import { SignInOpenings } from './sign-in/sign-in-openings';
import { SignInService } from './sign-in/sign-in.service';
import {
  TelegramInitDataDoor,
  TelegramInitDataStrategy,
  ThirdPartyInitDataDoor,
  ThirdPartyInitDataStrategy,
} from './telegram/init-data.door';
import { InitDataVerifier } from './telegram/init-data-verifier';
import { LoginWidgetDoor, LoginWidgetStrategy } from './telegram/login-widget.door';
import { TelegramController } from './telegram/telegram.controller';
import { TelegramKeys } from './telegram/telegram-keys';

const hall = [
  BoundKeys,
  FirstProofs,
  Newcomers,
  PerRequestInitData,
  PresentedProofs,
  ProofSpending,
  ProofsRepository,
  ProofPairUpkeep,
  ProofUpkeep,
  RedirectCodes,
  RedirectUpkeep,
  RefreshSignInService,
  RequesterGuard,
  SignInAnswers,
  SignInLimits,
  SignInOpenings,
  SignInService,
];

const doors = [
  AnyInitDataDoor,
  ExchangeDoor,
  ExchangeStrategy,
  InitDataVerifier,
  LoginWidgetDoor,
  LoginWidgetStrategy,
  OidcSignInService,
  OidcTransactions,
  OpenWeb3InitDataDoor,
  OpenWeb3InitDataStrategy,
  RapidpaceLinks,
  RapidpaceLinkStrategy,
  RapidpacePlayers,
  RapidpacePlayerStrategy,
  RapidpaceVerifier,
  TelegramInitDataDoor,
  TelegramInitDataStrategy,
  TelegramKeys,
  TelegramOidc,
  ThirdPartyInitDataDoor,
  ThirdPartyInitDataStrategy,
];

@Module({
  imports: [
    TypeOrmModule.forFeature([OidcTransactionEntity, ProofEntity, ProofPairEntity, RedirectCodeEntity]),
    ApplicationsModule,
    AuditModule,
    IssuerModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AuthController, OidcController, OpenWeb3Controller, RapidpaceController, TelegramController],
  providers: [...hall, ...doors],
  exports: [
    FirstProofs,
    InitDataVerifier,
    PerRequestInitData,
    PresentedProofs,
    ProofSpending,
    ProofPairUpkeep,
    ProofUpkeep,
    RedirectCodes,
    RedirectUpkeep,
    RequesterGuard,
  ],
})
export class AuthModule {}
