import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { createIdentityTokenVerifier, type IdentityTokenOptions } from '../src';
import { IDENTITY_TOKEN_VERIFIER, IdentityTokenGuard } from './identity-token.guard';

/** Makes `IdentityTokenGuard` work in every module of a service. */
@Module({})
export class IdentityTokenModule {
  /** @throws TypeError or RangeError as `createIdentityTokenVerifier` */
  static forRoot(options: IdentityTokenOptions): DynamicModule {
    const logger = new Logger('IdentityToken');
    const onRefreshFailed = (cause: unknown): void =>
      logger.warn(`The issuer's keys could not be had: ${String(cause)}`);
    const verifier = createIdentityTokenVerifier({ onRefreshFailed, ...options });
    return {
      module: IdentityTokenModule,
      global: true,
      providers: [{ provide: IDENTITY_TOKEN_VERIFIER, useValue: verifier }, IdentityTokenGuard],
      exports: [IDENTITY_TOKEN_VERIFIER, IdentityTokenGuard],
    };
  }
}
