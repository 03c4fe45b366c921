import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { CustodyHealth } from '@countersign/custody-protocol';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/text';
import { toResponse } from '@countersign/http';
import { OwnWallets, walletError } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { Custody } from '../custody';
import { StateOfAnyResponse, EmbeddedStateResponse } from '../dto/embedded-wallet.dto';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWalletEntity } from '../store/embedded-wallet.entity';

@Injectable()
export class EmbeddedStates {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly custody: Custody,
  ) {}

  async get(caller: Principal, walletId: string): Promise<EmbeddedStateResponse> {
    await this.wallets.get(caller, walletId);
    const found = await this.find(walletId);
    if (!found) throw embeddedWalletError('wallet.not_embedded');
    return toResponse(EmbeddedStateResponse, found);
  }

  async stopWayOut(caller: Principal, walletId: string): Promise<EmbeddedStateResponse> {
    await this.get(caller, walletId);
    await this.custody.answer((client) => client.stopNaming({ callId: uuidv7(), walletId }));
    return this.get(caller, walletId);
  }

  /** Reads the wallet of any person. */
  async getAny(walletId: string): Promise<StateOfAnyResponse> {
    const found = await this.find(walletId);
    if (!found) throw walletError('wallet.not_found');
    return toResponse(StateOfAnyResponse, found);
  }

  /** Null while custody does not answer. The answer never contains a key. */
  async custodyHealth(): Promise<CustodyHealth | null> {
    try {
      return await this.custody.client.health();
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  private async find(walletId: string) {
    const state = await this.database.read((manager) =>
      manager.findOneBy(EmbeddedWalletEntity, { walletId }),
    );
    if (!state?.createdAt) return null;
    const { frozenAt, wayOut } = await this.custody.answer((client) => client.describe(walletId));
    return { ...state, frozenAt, wayOut };
  }
}
