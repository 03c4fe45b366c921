import { Injectable } from '@nestjs/common';
import { EvmSending, type EvmChainSending } from '@countersign/chains';
import { Database } from '@countersign/database';
import type { ActRequest } from '@countersign/embedded-wallets';
import { OwnWallets } from '@countersign/linked-wallets';
import { callOf, nextNonce, type EvmSendIntent, type SendCall } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { Quotes, type Quote } from '../evm/quotes';
import { SendPlans } from '../send-plans';
import { accept } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';

/** What transactions of wallets on EVM chains would cost now, and their next nonce. */
@Injectable()
export class SendEstimates {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly plans: SendPlans,
    private readonly quotes: Quotes,
    private readonly port: EvmSending,
    private readonly database: Database,
    private readonly sends: SendsRepository,
  ) {}

  /**
   * That neither the chain nor a send has. It is not taken.
   * @throws AppError wallet.not_found, wallet.chain_mismatch, send.chain_off, send.nonce_unknown, send.nonce_implausible
   */
  async nextNonce(caller: Principal, walletId: string, chainId: string): Promise<number> {
    const own = await this.wallets.get(caller, walletId);
    const { chain } = this.plans.chainOf(own, chainId);
    const counts = await this.port.nonces(chain, own.address);
    const stored = await this.database.read((manager) => this.sends.nextOf(manager, walletId, chain.id));
    return accept(nextNonce(stored, counts)).nonce;
  }

  /** Of a call as it is. @throws AppError wallet.not_found, wallet.chain_mismatch, send.chain_off, and as `Quotes.of` */
  async ofCall(caller: Principal, walletId: string, chainId: string, call: SendCall): Promise<Quote> {
    const own = await this.wallets.get(caller, walletId);
    const { chain, caps } = this.plans.chainOf(own, chainId);
    return this.quotes.of(chain, own.address, call, caps as EvmChainSending);
  }

  /** @throws AppError wallet.not_found, and as `SendPlans.intent` and `Quotes.of` */
  async of(caller: Principal, walletId: string, wanted: ActRequest): Promise<Quote> {
    const own = await this.wallets.get(caller, walletId);
    const { chain, caps, intent } = this.plans.intent({ own, wanted, maxFee: null });
    const call = callOf(intent as EvmSendIntent, own.address as EvmAddress);
    return this.quotes.of(chain, own.address, call, caps as EvmChainSending);
  }
}
