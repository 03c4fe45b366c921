import { Injectable } from '@nestjs/common';
import {
  CustodyClient,
  CustodyRefused,
  tonWalletOf,
  type WalletDescription,
} from '@countersign/custody-client';
import { embeddedWalletError, walletActError } from './embedded-wallets.errors';

/** The custody process of this installation, where it has one. */
@Injectable()
export class Custody {
  constructor(private readonly configured: CustodyClient) {}

  /** @throws AppError wallet.embedded_off */
  assertConfigured(): void {
    if (!this.configured.isConfigured) throw embeddedWalletError('wallet.embedded_off');
  }

  /** @throws AppError wallet.embedded_off where none is configured */
  get client(): CustodyClient {
    this.assertConfigured();
    return this.configured;
  }

  /**
   * What a call answers.
   * @throws AppError wallet.key_missing, wallet.token_used, wallet.act_malformed, wallet.embedded_off, wallet.custody_unavailable
   */
  async answer<T>(call: (client: CustodyClient) => Promise<T>): Promise<T> {
    try {
      return await call(this.client);
    } catch (error) {
      if (!(error instanceof CustodyRefused)) throw error;
      if (error.code === 'wallet_unknown' || error.code === 'wallet_destroyed')
        throw embeddedWalletError('wallet.key_missing', { cause: error });
      // Words that were answered a minute ago are not answered again.
      if (error.code === 'call_reused') throw embeddedWalletError('wallet.token_used', { cause: error });
      if (error.code === 'payload_refused') throw walletActError('wallet.act_malformed', { cause: error });
      throw error;
    }
  }
}

/** The wallet of TON in the network of an environment. */
export function tonWalletIn(
  environment: string,
  { tonPublicKey }: WalletDescription,
): ReturnType<typeof tonWalletOf> {
  return tonWalletOf(Buffer.from(tonPublicKey, 'hex'), environment === 'test' ? -3 : -239);
}
