import { Body, Post, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { ApiController, IdInPath } from '@countersign/http';
import { toWalletResponse, WalletResponse } from '@countersign/linked-wallets';
import { Caller, type Principal } from '@countersign/sessions';
import { walletActRefusals } from '@countersign/wallet-acts';
import { codesOfActs, codesOfSends } from '../acts/reads-sends';
import { WalletSigning } from '../acts/wallet-signing';
import { WalletTokens } from '../acts/wallet-tokens';
import {
  CreateEmbeddedWalletRequest,
  ExportWalletRequest,
  SignRequest,
  WalletTokenRequest,
} from '../dto/embedded-wallets.request';
import {
  SignatureResponse,
  toSignature,
  toWords,
  WalletTokenResponse,
  WalletWordsResponse,
} from '../dto/embedded-wallets.response';
import { EmbeddedWallets } from './embedded-wallets.service';

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.');

@ApiController('v1/wallets', 'Wallets')
export class EmbeddedWalletsController {
  constructor(
    private readonly embedded: EmbeddedWallets,
    private readonly tokens: WalletTokens,
    private readonly signing: WalletSigning,
  ) {}

  @Post('embedded')
  @ApiResponse({ status: 200, type: WalletResponse, description: 'It was there already.' })
  @AcceptsGrant()
  @AccountPlane('createEmbeddedWallet', WalletResponse, {
    summary: 'Create an embedded wallet, or let the application use it',
    description:
      'One for each chain, person and environment: where another application made it, this one may use it after a step-up.',
    status: 201,
    errors: ['user.erasure_pending', 'wallet.came_by_merge', 'wallet.embedded_off', ...codesOfActs.custody],
  })
  async create(
    @Caller() caller: Principal,
    @Body() { chain }: CreateEmbeddedWalletRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WalletResponse> {
    const { wallet, isNew } = await this.embedded.create(caller, chain);
    if (!isNew) reply.status(200);
    return toWalletResponse(wallet);
  }

  @Post(':walletId/tokens')
  @AcceptsGrant()
  @AccountPlane('createWalletToken', WalletTokenResponse, {
    summary: 'Ask for a wallet token, and read what would be signed',
    description:
      'Good for 60 seconds, once, in this session, for exactly this act. `export` asks for a step-up.',
    status: 201,
    errors: [...codesOfActs.reading, ...Object.keys(walletActRefusals), ...codesOfSends],
  })
  async issue(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() wanted: WalletTokenRequest,
  ): Promise<WalletTokenResponse> {
    const { walletToken, expiresIn, read } = await this.tokens.issue(caller, id, wanted);
    return { walletToken, expiresIn, details: read.details };
  }

  @Post(':walletId/sign')
  @AccountPlane('signWithWallet', SignatureResponse, {
    summary: 'Sign what a wallet token was made for',
    description: 'After a 503 the same call may be sent again.',
    errors: [
      ...codesOfActs.reading,
      ...Object.keys(walletActRefusals),
      ...codesOfActs.tokens,
      ...codesOfActs.custody,
      ...codesOfActs.rules,
    ],
  })
  async sign(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() use: SignRequest,
  ): Promise<SignatureResponse> {
    return toSignature(use.act, await this.signing.sign(caller, id, use));
  }

  @Post(':walletId/export')
  @AccountPlane('exportWallet', WalletWordsResponse, {
    summary: 'Show the words of a wallet, once',
    description: 'With a token for `export`. From then on the wallet counts as exported.',
    errors: [
      ...codesOfActs.reading,
      ...codesOfActs.tokens,
      ...codesOfActs.custody,
      'wallet.above_hour_limit',
    ],
  })
  async export(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() { walletToken }: ExportWalletRequest,
  ): Promise<WalletWordsResponse> {
    return toWords(await this.signing.export(caller, id, walletToken));
  }
}
