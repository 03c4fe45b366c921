import { Module } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ChainsModule } from '@countersign/chains';
import { EmbeddedWalletsModule, SendingModule } from '@countersign/embedded-wallets';
import { SessionsModule } from '@countersign/sessions';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { XellarClientGuard, XellarClients } from './clients/xellar-clients';
import { XellarLoginController } from './sign-in/login.controller';
import { FlatInitDataDoor } from './sign-in/flat-init-data.door';
import { XellarSignIn } from './sign-in/xellar-sign-in.service';
import { XellarTelegramStrategy } from './strategies/xellar-telegram.strategy';
import { SessionAnswers } from './tokens/session-answers';
import { AccessTokenGuard, AddressTokenGuard, WalletTokenGuard, XellarSessions } from './tokens/token.guards';
import { XellarTokens } from './tokens/xellar-tokens';
import { XellarSigning } from './wallets/xellar-signing.service';
import { XellarSends, XellarUnits } from './wallets/xellar-sends.service';
import { XellarReads } from './wallets/xellar-reads.service';
import { XellarAccounts } from './wallets/xellar-accounts.service';
import { XellarWalletController } from './wallets/wallet.controller';
import { xellarMethods, xellarPreset, xellarSettings } from './xellar.feature';
import { toErrorBody } from './protocol/xellar-route';

@Module({
  imports: [
    AccountModule,
    ApplicationsModule,
    AuthModule,
    ChainsModule,
    EmbeddedWalletsModule,
    SendingModule,
    SessionsModule,
    WalletReadingModule,
  ],
  controllers: [XellarLoginController, XellarWalletController],
  providers: [
    AccessTokenGuard,
    AddressTokenGuard,
    FlatInitDataDoor,
    SessionAnswers,
    WalletTokenGuard,
    XellarAccounts,
    XellarClientGuard,
    XellarClients,
    XellarReads,
    XellarSends,
    XellarSessions,
    XellarSigning,
    XellarSignIn,
    XellarTelegramStrategy,
    XellarTokens,
    XellarUnits,
  ],
})
export class XellarModule {
  /** The form of errors on the API's routes, and on unknown routes under the same prefixes. */
  static readonly errors = { prefixes: ['/api/v1/', '/api/v2/'], shape: toErrorBody };
  static readonly defines = {
    settings: [xellarSettings],
    loginMethods: xellarMethods,
    presets: [xellarPreset],
  };
}
