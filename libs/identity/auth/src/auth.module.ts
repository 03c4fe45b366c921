import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { IssuerModule, SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { authDoors, ownDoors } from './all-doors';
import { AuthController, SignInController } from './auth.controller';
import { DoorChecks, SignInGuard } from './doors/sign-in-route';
import { RedirectCodes } from './exchange/redirect-codes';
import { OidcController } from './oidc/oidc.controller';
import { OidcSignInService } from './oidc/oidc-sign-in.service';
import { OidcTransactions } from './oidc/oidc-transactions';
import { TelegramOidc } from './oidc/telegram-oidc';
import { TelegramOidcDoor } from './oidc/telegram-oidc.door';
import { PerRequestInitData } from './per-request/per-request-init-data';
import { FirstProofs, SignInOpenings } from './sign-in/sign-in-openings';
import { NewUsers } from './sign-in/new-users';
import { PresentedProofs } from './presented-proofs';
import { ProofEntity, ProofPairEntity, ProofsRepository } from './replay/proofs.repository';
import { PendingErasures } from './sign-in/pending-erasures';
import { ProofsAccountData, ProofUpkeep } from './replay/proofs-account-data';
import { ProofConsumption } from './replay/proof-consumption';
import { PageSignIns } from './sign-in/page-sign-ins';
import { Reentries } from './sign-in/reentries';
import { RefreshSignInService } from './sign-in/refresh-sign-in.service';
import { SignInAnswers } from './sign-in/sign-in-answers';
import { SignInHooks } from './sign-in/sign-in-hooks';
import { SignInService } from './sign-in/sign-in.service';
import { LoginWidgetStrategy } from './strategies/login-widget.strategy';
import { OpenWeb3InitDataStrategy } from './strategies/openweb3-init-data.strategy';
import { RedirectCodeStrategy } from './strategies/redirect-code.strategy';
import { TelegramInitDataStrategy } from './strategies/telegram-init-data.strategy';
import { TelegramOidcStrategy } from './strategies/telegram-oidc.strategy';
import { InitDataVerifier, TelegramKeys } from './telegram/init-data-verifier';
import {
  authEvents,
  authMethods,
  loginWidgetSettings,
  openweb3Preset,
  perRequestSettings,
} from './auth.feature';

const shared = [
  ...ownDoors,
  DoorChecks,
  FirstProofs,
  NewUsers,
  PageSignIns,
  PresentedProofs,
  ProofConsumption,
  ProofsRepository,
  RedirectCodes,
  SignInGuard,
  SignInService,
];

@Module({
  imports: [
    TypeOrmModule.forFeature([ProofEntity, ProofPairEntity]),
    DiscoveryModule,
    PassportModule,
    ApplicationsModule,
    IssuerModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AuthController, OidcController, SignInController],
  providers: [
    ...shared,
    InitDataVerifier,
    LoginWidgetStrategy,
    OidcSignInService,
    OidcTransactions,
    OpenWeb3InitDataStrategy,
    PendingErasures,
    PerRequestInitData,
    ProofsAccountData,
    ProofUpkeep,
    RedirectCodeStrategy,
    Reentries,
    RefreshSignInService,
    SignInAnswers,
    SignInHooks,
    SignInOpenings,
    TelegramInitDataStrategy,
    TelegramKeys,
    TelegramOidc,
    TelegramOidcDoor,
    TelegramOidcStrategy,
  ],
  exports: shared,
})
export class AuthModule {
  static readonly defines = {
    doors: authDoors,
    events: authEvents,
    loginMethods: authMethods,
    presets: [openweb3Preset],
    settings: [perRequestSettings, loginWidgetSettings],
  };
}
