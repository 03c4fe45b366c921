import { Get, Headers, Param, Post, Query, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import {
  MetaproLegacyLoginRequest,
  MetaproTelegramLoginRequest,
  MetaproWalletLoginRequest,
  ProjectQuery,
} from '../dto/login.requests';
import {
  MetaproCheckResponse,
  MetaproHashResponse,
  MetaproLegacyCheckResponse,
  MetaproLoginResponse,
} from '../dto/user.responses';
import { Verified, type VerifiedSignIn } from '@countersign/auth';
import { ApiController, readKnown } from '@countersign/http';
import { ProofRoute, PublicRoute } from '../protocol/metapro-route';
import { LoginHashes } from './login-hashes';
import { MetaproSignIn, readWallet } from './metapro-sign-in.service';
import { WalletOwners } from './wallet-owners';

const WALLET_HEADERS = ['x-account-wallet', 'x-account-login-hash'];
const MAY_NAME_PROJECT = { name: 'projectId', required: false, schema: { type: 'string' } } as const;

/** The public clients use both prefixes. */
export const USERS_PATHS = ['users-service', 'ms/users-service'];

@ApiController(USERS_PATHS, 'Users')
export class MetaproAuthController {
  constructor(
    private readonly signIns: MetaproSignIn,
    private readonly hashes: LoginHashes,
    private readonly owners: WalletOwners,
  ) {}

  @Post('v2/auth/telegram/login/simple')
  @UseGuards(AuthGuard('metapro-telegram'))
  @ProofRoute('metaproTelegramLogin', 'Log in with the init data of a Mini App', MetaproLoginResponse, {
    body: MetaproTelegramLoginRequest,
  })
  byTelegram(@Verified() verified: VerifiedSignIn): Promise<MetaproLoginResponse> {
    return this.signIns.openSession(verified);
  }

  @Get('v2/auth/web3/signature/hash')
  @PublicRoute('metaproSignatureHash', 'Ask for a hash that a wallet signs', MetaproHashResponse, {
    headers: ['x-account-wallet'],
  })
  hash(@Headers() headers: FastifyRequest['headers']): MetaproHashResponse {
    return { hash: this.hashes.issue(readWallet(headers['x-account-wallet'])) };
  }

  @Get('auth/signature/hash')
  @PublicRoute('metaproLegacySignatureHash', 'The same, by its first path', MetaproHashResponse, {
    headers: ['x-account-wallet'],
  })
  legacyHash(@Headers() headers: FastifyRequest['headers']): MetaproHashResponse {
    return this.hash(headers);
  }

  @Post('v2/auth/web3/login')
  @UseGuards(AuthGuard('metapro-wallet'))
  @ProofRoute('metaproWalletLogin', 'Log in with a signed hash', MetaproLoginResponse, {
    body: MetaproWalletLoginRequest,
    headers: WALLET_HEADERS,
  })
  byWallet(@Verified() verified: VerifiedSignIn): Promise<MetaproLoginResponse> {
    return this.signIns.openSession(verified);
  }

  @Post('auth/login')
  @UseGuards(AuthGuard('metapro-legacy-wallet'))
  @ProofRoute(
    'metaproLegacyLogin',
    'The same by its first path, which asks for no rules',
    MetaproLoginResponse,
    { body: MetaproLegacyLoginRequest, headers: WALLET_HEADERS },
  )
  byWalletLegacy(@Verified() verified: VerifiedSignIn): Promise<MetaproLoginResponse> {
    return this.signIns.openSession(verified);
  }

  @Get('v2/auth/web3/check/:wallet')
  @ApiQuery(MAY_NAME_PROJECT)
  @PublicRoute('metaproCheckWallet', 'Get whether a wallet has an account', MetaproCheckResponse)
  check(@Param('wallet') wallet: string, @Query() query: unknown): Promise<MetaproCheckResponse> {
    return this.owners.check(readWallet(wallet), readKnown(ProjectQuery, query).projectId);
  }

  @Get('auth/check/wallet/:wallet')
  @ApiQuery(MAY_NAME_PROJECT)
  @PublicRoute('metaproLegacyCheckWallet', 'The same by its first path', MetaproLegacyCheckResponse)
  async legacyCheck(
    @Param('wallet') wallet: string,
    @Query() query: unknown,
  ): Promise<MetaproLegacyCheckResponse> {
    const { hasAccount, hasRulesChecked } = await this.check(wallet, query);
    return { hasAccount, hasExternalAccount: false, rulesCheckbox: hasRulesChecked };
  }
}
