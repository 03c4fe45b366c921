import { Injectable } from '@nestjs/common';
import type { EvmChainSending } from '@countersign/chains';
import { EmbeddedWallets, type WantedAct } from '@countersign/embedded-wallets';
import { OwnWallets } from '@countersign/linked-wallets';
import { callOf, type EvmSendIntent } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { Quotes, type Quote } from '../evm/quotes';
import { SendPlans } from './send-plans';

/** What sends on EVM chains would cost now. */
@Injectable()
export class SendEstimates {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly embedded: EmbeddedWallets,
    private readonly plans: SendPlans,
    private readonly quotes: Quotes,
  ) {}

  /** @throws AppError wallet.not_found, and as `SendPlans.intent` and `Quotes.of` */
  async of(
    caller: Principal,
    walletId: string,
    wanted: Pick<WantedAct, 'chainId' | 'request'>,
  ): Promise<Quote> {
    const own = await this.wallets.get(caller, walletId);
    const settings = await this.embedded.settingsOf(caller.applicationId);
    const { chain, caps, intent } = this.plans.intent({ own, wanted, settings, maxFee: null });
    const call = callOf(intent as EvmSendIntent, own.address as EvmAddress);
    return this.quotes.of(chain, own.address, call, caps as EvmChainSending);
  }
}
