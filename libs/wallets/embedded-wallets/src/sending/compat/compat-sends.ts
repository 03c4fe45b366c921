import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { ActMetrics } from '../../acts/act-metrics';
import { WalletAccess } from '../../acts/act-rules';
import { type ActInput } from '../../acts/acts';
import { type CompatToken } from '../../acts/wallet-acts.service';
import type { Principal } from '@countersign/sessions';
import { EvmSending, type EvmChainSending } from '@countersign/chains';
import { OwnWallets } from '@countersign/linked-wallets';
import { callOf, nextNonce, type EvmSendIntent, type SendCall } from '@countersign/wallet-acts';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { readSent, type SentTransaction } from '../evm/read-transaction';
import { SendReplacements } from '../replacements/send-replacements';
import { sendError, accept } from '../sending.errors';
import { Sending } from '../sending.service';
import { WalletNonceEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { StoredSends } from '../store/stored-sends';
import { Quotes, type Quote } from '../evm/quotes';
import { SendPlans } from '../send-plans';

/** Sends for tokens of other APIs. The person saw no fee before, so only the chain's limit applies. */
@Injectable()
export class CompatSends {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly sending: Sending,
    private readonly replacements: SendReplacements,
    private readonly sends: SendsRepository,
    private readonly stored: StoredSends,
    private readonly metrics: ActMetrics,
  ) {}

  async send(
    token: CompatToken,
    caller: Principal,
    walletId: string,
    wanted: ActInput,
  ): Promise<SentTransaction> {
    return this.metrics.counted('send', 'done', async () => {
      const all = { own: await this.access.getEmbedded(caller, walletId), wanted, maxFee: null };
      const sendId = await this.sending.send(caller, all, { walletId, kind: 'send', token });
      return this.newestOf(walletId, sendId);
    });
  }

  async cancel(
    token: CompatToken,
    caller: Principal,
    walletId: string,
    { chainId, nonce }: { readonly chainId: string; readonly nonce: number },
  ): Promise<SentTransaction> {
    const own = await this.access.getEmbedded(caller, walletId);
    const send = await this.database.read((manager) =>
      this.sends.findByNonce(manager, { walletId, chainId, nonce }),
    );
    if (!send?.isCompat || send.applicationId !== caller.applicationId) throw sendError('send.not_found');
    const all = { own, wanted: { request: { sendId: send.id } }, maxFee: null };
    await this.replacements.add(caller, all, 'cancel', { walletId, kind: 'cancel', token });
    return this.newestOf(walletId, send.id);
  }

  private async newestOf(walletId: string, sendId: string): Promise<SentTransaction> {
    const { versions, details } = await this.stored.get(walletId, sendId);
    const version = versions.at(-1);
    if (!version) throw sendError('send.not_found');
    return readSent(version.raw, details.address);
  }
}

@Injectable()
export class SendEstimates {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly plans: SendPlans,
    private readonly quotes: Quotes,
    private readonly port: EvmSending,
    private readonly database: Database,
  ) {}

  /** Returns the first nonce that neither the chain nor a send has. It does not take the nonce. */
  async nextNonce(caller: Principal, walletId: string, chainId: string): Promise<number> {
    const own = await this.wallets.get(caller, walletId);
    const { chain } = this.plans.chainOf(own, chainId);
    const counts = await this.port.nonces(chain, own.address);
    const key = { walletId, chainId: chain.id };
    const stored = await this.database.read((manager) => manager.findOneBy(WalletNonceEntity, key));
    return accept(nextNonce(Number(stored?.next ?? 0), counts)).nonce;
  }

  async ofCall(caller: Principal, walletId: string, chainId: string, call: SendCall): Promise<Quote> {
    const own = await this.wallets.get(caller, walletId);
    const { chain, caps } = this.plans.chainOf(own, chainId);
    return this.quotes.of(chain, own.address, call, caps as EvmChainSending);
  }

  async of(caller: Principal, walletId: string, wanted: ActInput): Promise<Quote> {
    const own = await this.wallets.get(caller, walletId);
    const { chain, caps, intent } = this.plans.intent({ own, wanted, maxFee: null });
    const call = callOf(intent as EvmSendIntent, own.address as EvmAddress);
    return this.quotes.of(chain, own.address, call, caps as EvmChainSending);
  }
}
