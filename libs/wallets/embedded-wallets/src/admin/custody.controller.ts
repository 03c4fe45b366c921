import { IsReason } from '@countersign/account';
import type { CustodyHealth } from '@countersign/custody-protocol';
import { Count, Flag, Instant, Text } from '@countersign/http';
import { Body, Get, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { StateOfAnyResponse, OF_CUSTODY, WalletInPath } from '../dto/embedded-wallet.dto';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { EmbeddedStates } from '../own/embedded-state.service';
import { walletScopes } from '@countersign/linked-wallets';

class FreezeWalletRequest {
  @IsReason()
  reason: string;
}

class AdminEmbeddedStateResponse extends StateOfAnyResponse {}

class CustodyResponse {
  @Flag('Whether the custody process answers.', true)
  isReachable: boolean;

  @Count(
    'Wallets that are sealed under another key of its ring than the active one; null when it does not answer.',
    0,
    { nullable: true },
  )
  toRewrap: number | null;

  @Count('Entries of its journal; null when it does not answer.', 5_211, { nullable: true })
  journalEntries: number | null;

  @Instant(
    'Since when all embedded wallets are stopped; null while they act, and when it does not answer.',
    null,
    { nullable: true },
  )
  stoppedAt: string | null;

  @Text('Why they are stopped.', null, { nullable: true })
  stoppedFor: string | null;

  static of(health: CustodyHealth | null): CustodyResponse {
    return {
      isReachable: health !== null,
      toRewrap: health?.toRewrap ?? null,
      journalEntries: health?.journal.sequence ?? null,
      stoppedAt: health?.brake?.since ?? null,
      stoppedFor: health?.brake?.reason ?? null,
    };
  }
}

@AdminController('embedded-wallets', 'Wallets')
export class AdminEmbeddedWalletsController {
  constructor(
    private readonly states: EmbeddedStates,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get(':walletId')
  @Operation('readEmbeddedWallet', walletScopes.walletsRead, AdminEmbeddedStateResponse, {
    summary: 'Read the state of an embedded wallet',
    errors: OF_CUSTODY,
  })
  read(@WalletInPath() id: string): Promise<AdminEmbeddedStateResponse> {
    return this.states.getAny(id);
  }

  @Post(':walletId/freeze')
  @Operation('freezeWallet', walletScopes.walletsWrite, AdminEmbeddedStateResponse, {
    summary: 'Stop an embedded wallet, with a reason',
    description:
      'Its person ends it at the consent bot, or the operator of custody: `countersign-custody unfreeze`.',
    status: 200,
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  async freeze(
    @WalletInPath() id: string,
    @Body() { reason }: FreezeWalletRequest,
  ): Promise<AdminEmbeddedStateResponse> {
    await this.freezing.freezeByOperator(id, reason);
    return this.read(id);
  }
}

@AdminController('custody', 'Wallets')
export class AdminCustodyController {
  constructor(
    private readonly states: EmbeddedStates,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get()
  @Operation(
    'readCustody',
    walletScopes.walletsRead,
    CustodyResponse,
    'Read the state of custody and of the brake',
  )
  async read(): Promise<CustodyResponse> {
    return CustodyResponse.of(await this.states.custodyHealth());
  }

  @Post('stop')
  @Operation('stopWallets', walletScopes.walletsWrite, CustodyResponse, {
    summary: 'Stop all embedded wallets at once, with a reason',
    description:
      'Pulls the brake of custody, which only its operator releases: `countersign-custody release`. One that is on keeps its reason.',
    status: 200,
    errors: ['wallet.embedded_off', 'wallet.custody_unavailable'],
  })
  async stop(@Body() { reason }: FreezeWalletRequest): Promise<CustodyResponse> {
    await this.freezing.applyBrake(reason);
    return this.read();
  }
}
