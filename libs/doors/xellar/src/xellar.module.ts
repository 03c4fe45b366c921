import { Module } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ChainsModule } from '@countersign/chains';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { SendingModule } from '@countersign/sending';
import { SessionsModule } from '@countersign/sessions';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { XellarAppsController } from './clients/apps.controller';
import { XellarClientGuard, XellarClients } from './clients/xellar-clients';
import { XellarAuthController } from './sign-in/auth.controller';
import { FlatInitDataDoor } from './sign-in/flat-init-data.door';
import { XellarSignIn } from './sign-in/xellar-sign-in.service';
import { SessionAnswers } from './tokens/session-answers';
import { AccessTokenGuard, AddressTokenGuard, WalletTokenGuard, XellarSessions } from './tokens/token.guards';
import { XellarTokens } from './tokens/xellar-tokens';
import { XellarAccountsController, XellarRefreshController } from './wallets/accounts.controller';
import { XellarReadingController } from './wallets/reading.controller';
import { XellarSendingController } from './wallets/sending.controller';
import { XellarSigningController } from './wallets/signing.controller';
import { XellarSigning } from './wallets/xellar-signing.service';
import { XellarSends } from './wallets/xellar-sends.service';
import { XellarUnits } from './wallets/xellar-units';
import { XellarReads } from './wallets/xellar-reads.service';
import { XellarAccounts } from './wallets/xellar-accounts.service';

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
  controllers: [
    XellarAccountsController,
    XellarAppsController,
    XellarAuthController,
    XellarReadingController,
    XellarRefreshController,
    XellarSendingController,
    XellarSigningController,
  ],
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
    XellarTokens,
    XellarUnits,
  ],
})
export class XellarModule {}
