import { Body, Post, Res, Delete, Get, Patch, Query } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { consumingCodes } from '@countersign/auth';
import { ApiController, readInput, IdInPath, PageQuery, TakesMergePatch } from '@countersign/http';
import { Caller, Authenticated, type Principal } from '@countersign/sessions';
import { WalletLinkOptions, WalletLinkRequest, WalletPatch } from '../dto/wallet.request';
import { toWalletResponse, WalletResponse, WalletPage } from '../dto/wallet.response';
import { WalletSignatureDoor } from '../proofs/wallet-signature.door';
import { OwnWallets } from './own-wallets.service';

@ApiController('v1/wallets/links', 'Wallets')
export class WalletLinksController {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly door: WalletSignatureDoor,
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
      ...WalletSignatureDoor.declaration.codes,
      ...consumingCodes,
      'identity.belongs_to_another',
      'wallet.is_embedded',
      'wallet.limit_reached',
      'wallet.not_found',
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

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The id of the wallet.');

@ApiController('v1/wallets', 'Wallets')
export class WalletsController {
  constructor(private readonly wallets: OwnWallets) {}

  @Get()
  @Authenticated('listWallets', WalletPage, {
    summary: 'List one’s wallets, oldest first',
    description:
      'A session below the level of the account, or of a third-party application, sees only the wallet that it was opened with.',
  })
  async list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<WalletPage> {
    const { items, nextCursor } = await this.wallets.list(caller, page);
    return { items: items.map(toWalletResponse), nextCursor };
  }

  @Get(':walletId')
  @Authenticated('getWallet', WalletResponse, {
    summary: 'Get one of one’s wallets',
    description: 'As the list shows it.',
  })
  async get(@Caller() caller: Principal, @WalletInPath() id: string): Promise<WalletResponse> {
    return toWalletResponse(await this.wallets.get(caller, id));
  }

  @Patch(':walletId')
  @TakesMergePatch()
  @AccountPlane('changeWallet', WalletResponse, {
    summary: 'Name a wallet, or make it the primary one',
    description: 'A JSON merge patch, RFC 7396: fields that are left out stay, `null` removes.',
    errors: ['wallet.is_connected', 'wallet.of_application'],
  })
  async change(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() patch: WalletPatch,
  ): Promise<WalletResponse> {
    return toWalletResponse(await this.wallets.change(caller, id, patch));
  }

  @Delete(':walletId')
  @AcceptsGrant()
  @AccountPlane('unlinkWallet', null, {
    summary: 'Unlink a wallet, with its identity, or disconnect it',
    description:
      'After step-up, unless it is connected only. Its name and what proved it are deleted. Sessions that were opened with it end, this one too if it is among them.',
    errors: [
      'identity.came_recently',
      'identity.last_at_level',
      'identity.last_one',
      'identity.not_found',
      'wallet.is_embedded',
    ],
  })
  unlink(@Caller() caller: Principal, @WalletInPath() id: string): Promise<void> {
    return this.wallets.unlink(caller, id);
  }
}
