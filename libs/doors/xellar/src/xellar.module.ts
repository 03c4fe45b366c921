import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { SessionsModule } from '@countersign/sessions';
import { XellarClientGuard } from './clients/xellar-client.guard';
import { XellarClients } from './clients/xellar-clients';
import { XellarAuthController } from './sign-in/auth.controller';
import { FlatInitDataDoor } from './sign-in/flat-init-data.door';
import { XellarSignIn } from './sign-in/xellar-sign-in.service';
import { SessionAnswers } from './tokens/session-answers';
import { AccessTokenGuard, AddressTokenGuard, WalletTokenGuard } from './tokens/token.guards';
import { UsedTokenEntity } from './tokens/used-token.entity';
import { UsedTokens, UsedTokenUpkeep } from './tokens/used-tokens';
import { XellarSessions } from './tokens/xellar-sessions';
import { XellarTokens } from './tokens/xellar-tokens';
import { XellarAccountsController, XellarRefreshController } from './wallets/accounts.controller';
import { XellarSigningController } from './wallets/signing.controller';
import { XellarSigning } from './wallets/xellar-signing.service';
import { XellarAccounts } from './wallets/xellar-accounts.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([UsedTokenEntity]),
    ApplicationsModule,
    AuthModule,
    EmbeddedWalletsModule,
    SessionsModule,
  ],
  controllers: [
    XellarAccountsController,
    XellarAuthController,
    XellarRefreshController,
    XellarSigningController,
  ],
  providers: [
    AccessTokenGuard,
    AddressTokenGuard,
    FlatInitDataDoor,
    SessionAnswers,
    UsedTokenUpkeep,
    UsedTokens,
    WalletTokenGuard,
    XellarAccounts,
    XellarClientGuard,
    XellarClients,
    XellarSessions,
    XellarSigning,
    XellarSignIn,
    XellarTokens,
  ],
})
export class XellarModule {}
