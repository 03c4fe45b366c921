import { Module } from '@nestjs/common';
import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { ProfilesModule } from '@countersign/profiles';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { MetaproProjects } from './metapro-projects';
import { MetaproGuard } from './session/metapro.guard';
import { MetaproTokens } from './session/metapro-tokens';
import { MetaproAuthController } from './sign-in/auth.controller';
import { LoginHashes } from './sign-in/login-hashes';
import { MetaproSignIn } from './sign-in/metapro-sign-in.service';
import { MetaproWalletDoor } from './sign-in/metapro-wallet.door';
import { AccountChecks } from './sign-in/wallet-checks';
import { MetaproUsersController } from './users/users.controller';

@Module({
  imports: [AccountModule, ApplicationsModule, AuthModule, ProfilesModule, SessionsModule, UsersModule],
  controllers: [MetaproAuthController, MetaproUsersController],
  providers: [
    AccountChecks,
    LoginHashes,
    MetaproGuard,
    MetaproProjects,
    MetaproSignIn,
    MetaproTokens,
    MetaproWalletDoor,
  ],
})
export class MetaproModule {}
