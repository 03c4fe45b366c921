import { Body, Post, Res } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { consumingCodes } from '@countersign/auth';
import { ApiController, readInput } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { WalletLinkOptions, WalletLinkRequest } from '../dto/wallet.request';
import { toWalletResponse, WalletResponse } from '../dto/wallet.response';
import { WalletSignatureStrategy } from '../proofs/wallet-signature.strategy';
import { OwnWallets } from './own-wallets.service';

@ApiController('v1/wallets/links', 'Wallets')
export class WalletLinksController {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly door: WalletSignatureStrategy,
  ) {}

  @Post()
  @ApiBody({ type: WalletLinkRequest })
  @ApiResponse({ status: 200, type: WalletResponse, description: 'It was connected or linked already.' })
  @AcceptsGrant()
  @AccountPlane('createWalletLink', WalletResponse, {
    summary: 'Connect a wallet to the account, or let it sign in',
    description:
      'With the answer to a challenge for `link`. Without `canSignIn` the wallet is connected: it is shown and used, in a session ' +
      'of the account’s level, without a step-up. With it, after a step-up for `account.link`, it is linked: it signs in. A contract wallet is connected only. Linking ' +
      'one’s own wallet again may raise its assurance.',
    status: 201,
    errors: [
      ...WalletSignatureStrategy.declaration.codes,
      ...consumingCodes,
      'identity.belongs_to_another',
      'wallet.is_embedded',
      'wallet.limit_reached',
      'wallet.not_found',
      'wallet.sign_in_not_allowed',
    ],
  })
  async link(
    @Caller() caller: Principal,
    @Body() body: object | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WalletResponse> {
    const { canSignIn, ...proof }: WalletLinkOptions = { ...body };
    const wanted = readInput(WalletLinkOptions, canSignIn === undefined ? {} : { canSignIn });
    const answer = wanted.canSignIn
      ? this.wallets.link(caller, this.door, proof)
      : this.wallets.connect(caller, this.door, proof);
    const { linked, isNew } = await answer;
    if (!isNew) reply.status(200);
    return toWalletResponse(linked);
  }
}
