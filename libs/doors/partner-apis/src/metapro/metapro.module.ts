import { Module } from '@nestjs/common';
import { AccountModule, ProfilesModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ListingsModule, TeamsModule } from '@countersign/teams';
import { WalletsModule } from '@countersign/linked-wallets';
import { LeaderboardsModule } from '@countersign/leaderboards';
import { ClientGuard, OAuthModule } from '@countersign/gateway';
import { ReferralsModule } from '@countersign/referrals';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { MetaproAppsController } from './apps/apps.controller';
import { MetaproApps } from './apps/apps.service';
import { WalletReadingModule } from '@countersign/wallet-reading';
import { BoardOfPreset, MetaproBoardsController } from './boards/boards.controller';
import { MetaproBoards } from './boards/boards.service';
import { ScoreSenderGuard } from './boards/score-sender.guard';
import { MetaproProjects } from './metapro-projects';
import { MetaproNftController } from './nft/nft.controller';
import { OwnWalletLists } from './nft/own-wallet-lists';
import { MetaproReferralsController } from './referrals/referrals.controller';
import { MetaproGuard, MetaproTokens, OptionalMetaproGuard } from './session/metapro.guard';
import { MetaproAuthController } from './sign-in/auth.controller';
import { LoginHashes } from './sign-in/login-hashes';
import { MetaproSignIn } from './sign-in/metapro-sign-in.service';
import { MetaproWalletDoor } from './sign-in/metapro-wallet.door';
import { WalletOwners } from './sign-in/wallet-owners';
import { MetaproLegacyWalletStrategy } from './strategies/metapro-legacy-wallet.strategy';
import { MetaproTelegramStrategy } from './strategies/metapro-telegram.strategy';
import { MetaproWalletStrategy } from './strategies/metapro-wallet.strategy';
import { MetaproTeamsController } from './teams/teams.controller';
import { MetaproTeams } from './teams/teams.service';
import { NewAddresses } from './users/new-address.service';
import { OwnUser } from './users/own-user.service';
import { MetaproPeople } from './users/people.service';
import { MetaproUsersController } from './users/users.controller';
import { metaproMethods, metaproPreset, metaproSettings } from './metapro.feature';
import { toErrorBody } from './protocol/error-body';

@Module({
  imports: [
    AccountModule,
    ApplicationsModule,
    AuthModule,
    ListingsModule,
    LeaderboardsModule,
    OAuthModule,
    ProfilesModule,
    ReferralsModule,
    SessionsModule,
    TeamsModule,
    UsersModule,
    WalletReadingModule,
    WalletsModule,
  ],
  controllers: [
    MetaproAppsController,
    MetaproAuthController,
    MetaproBoardsController,
    MetaproNftController,
    MetaproReferralsController,
    MetaproTeamsController,
    MetaproUsersController,
  ],
  providers: [
    BoardOfPreset,
    LoginHashes,
    MetaproApps,
    MetaproBoards,
    ClientGuard,
    MetaproGuard,
    OptionalMetaproGuard,
    ScoreSenderGuard,
    MetaproLegacyWalletStrategy,
    MetaproPeople,
    MetaproProjects,
    MetaproSignIn,
    MetaproTeams,
    MetaproTelegramStrategy,
    MetaproTokens,
    MetaproWalletDoor,
    MetaproWalletStrategy,
    NewAddresses,
    OwnUser,
    OwnWalletLists,
    WalletOwners,
  ],
})
export class MetaproModule {
  /** The form of errors on the API's routes, and on unknown routes under the same prefixes. */
  static readonly errors = { prefixes: ['/users-service/', '/ms/'], shape: toErrorBody };
  static readonly defines = {
    settings: [metaproSettings],
    loginMethods: metaproMethods,
    presets: [metaproPreset],
  };
}
