import { Body, Get, Param, Post, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { ApiController } from '@countersign/http';
import { toWalletResponse } from '@countersign/linked-wallets';
import { Caller, type Principal } from '@countersign/sessions';
import { walletActRefusals } from '@countersign/wallet-acts';
import { codesOfActs, codesOfSends } from '../acts/reads-sends';
import { WalletSigning } from '../acts/wallet-signing';
import { WalletTokens } from '../acts/wallet-tokens';
import { WalletConsents } from '../consents/wallet-consents.service';
import {
  CreateEmbeddedWalletRequest,
  SignRequest,
  WalletConsentRequest,
  WalletTokenRequest,
} from '../dto/embedded-wallets.request';
import {
  EmbeddedWalletResponse,
  SignatureResponse,
  toSignature,
  WalletConsentResponse,
  WalletConsentStateResponse,
  WalletTokenResponse,
} from '../dto/embedded-wallets.response';
import { WalletInPath } from '../wallet-in-path';
import { EmbeddedWallets } from './embedded-wallets.service';

@ApiController('v1/wallets', 'Wallets')
export class EmbeddedWalletsController {
  constructor(
    private readonly embedded: EmbeddedWallets,
    private readonly tokens: WalletTokens,
    private readonly signing: WalletSigning,
    private readonly consents: WalletConsents,
  ) {}

  @Post('embedded')
  @ApiResponse({ status: 200, type: EmbeddedWalletResponse, description: 'It was there already.' })
  @AcceptsGrant()
  @AccountPlane('createEmbeddedWallet', EmbeddedWalletResponse, {
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
  ): Promise<EmbeddedWalletResponse> {
    const { wallet, isNew } = await this.embedded.create(caller, chain);
    if (!isNew) reply.status(200);
    return { ...toWalletResponse(wallet), binding: await this.consents.bindingOf(wallet) };
  }

  @Post(':walletId/tokens')
  @AccountPlane('createWalletToken', WalletTokenResponse, {
    summary: 'Ask for a wallet token, and read what would be signed',
    description:
      'Good for 60 seconds, once, in this session, for exactly this act. Where custody wants the consent of the person, it comes with a `link` to open first, and is good for 20 minutes.',
    status: 201,
    errors: [
      ...codesOfActs.reading,
      ...Object.keys(walletActRefusals),
      ...codesOfSends,
      'wallet.consent_unavailable',
      ...codesOfActs.custody,
      ...codesOfActs.rules,
    ],
  })
  async issue(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() wanted: WalletTokenRequest,
  ): Promise<WalletTokenResponse> {
    const { walletToken, expiresIn, consent, read } = await this.tokens.issue(caller, id, wanted);
    return { walletToken, expiresIn, consent, details: read.details };
  }

  @Post(':walletId/sign')
  @AccountPlane('signWithWallet', SignatureResponse, {
    summary: 'Sign what a wallet token was made for',
    description: 'After a 503 the same call may be sent again.',
    errors: [
      ...codesOfActs.reading,
      ...Object.keys(walletActRefusals),
      ...codesOfActs.tokens,
      'wallet.consent_needed',
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

  @Post(':walletId/consents')
  @AccountPlane('askForWalletConsent', WalletConsentResponse, {
    summary: 'Ask a person for the words of a wallet, or for the end of its freeze',
    description:
      'The person accepts at the consent bot of custody. The words are shown there, a while later, and never here: a freeze ends the export.',
    status: 201,
    errors: [
      ...codesOfActs.reading,
      ...codesOfActs.consents,
      ...codesOfActs.custody,
      'wallet.above_hour_limit',
    ],
  })
  async askForConsent(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() { kind }: WalletConsentRequest,
  ): Promise<WalletConsentResponse> {
    return this.consents.ask(caller, id, kind);
  }

  @Get(':walletId/consents/:consentId')
  @AccountPlane('readWalletConsent', WalletConsentStateResponse, {
    summary: 'Read what became of a consent',
    errors: ['wallet.consent_not_found', 'wallet.embedded_off', 'wallet.custody_unavailable'],
  })
  async readConsent(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Param('consentId') consentId: string,
  ): Promise<WalletConsentStateResponse> {
    return { state: await this.consents.stateOf(caller, id, consentId) };
  }
}
