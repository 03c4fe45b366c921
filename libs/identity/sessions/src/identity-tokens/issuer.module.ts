import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminIdentityKeysController } from './admin/identity-keys.controller';
import { IdentityTokens } from './tokens/identity-tokens';
import { IdentityKeys } from './keys/identity-keys';
import { IdentityKeyEntity, IdentityKeysRepository } from './keys/identity-keys.repository';
import { WellKnownController } from './well-known.controller';
import { identityTokenSettings, issuerEvents, issuerScopes } from './issuer.feature';

@Module({
  imports: [TypeOrmModule.forFeature([IdentityKeyEntity]), JwtModule.register({}), DiscoveryModule],
  controllers: [AdminIdentityKeysController, WellKnownController],
  providers: [IdentityKeys, IdentityKeysRepository, IdentityTokens],
  exports: [IdentityKeys, IdentityTokens],
})
export class IssuerModule {
  static readonly defines = { events: issuerEvents, scopes: issuerScopes, settings: [identityTokenSettings] };
}
