import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { ActMetrics, WalletAccess, type ActRequest, type ForeignToken } from '@countersign/embedded-wallets';
import type { Principal } from '@countersign/sessions';
import { readSent, type SentTransaction } from '../evm/read-transaction';
import { SendReplacements } from '../replacements/send-replacements';
import { sendError } from '../sending.errors';
import { Sending } from '../sending.service';
import { SendsRepository } from '../store/sends.repository';
import { StoredSends } from '../store/stored-sends';

/**
 * Sends by tokens of other APIs, which were made before the send was known: the person has seen no fee, so that only the chain caps
 * it.
 */
@Injectable()
export class ForeignSends {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly sending: Sending,
    private readonly replacements: SendReplacements,
    private readonly sends: SendsRepository,
    private readonly stored: StoredSends,
    private readonly metrics: ActMetrics,
  ) {}

  /** @throws AppError as `Sending.send` */
  async send(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    wanted: ActRequest,
  ): Promise<SentTransaction> {
    return this.metrics.counted('send', 'done', async () => {
      const all = { own: await this.access.getEmbedded(caller, walletId), wanted, maxFee: null };
      const sendId = await this.sending.send(caller, all, { walletId, kind: 'send', token });
      return this.newestOf(walletId, sendId);
    });
  }

  /**
   * Cancels what such a token of the same application sent.
   * @throws AppError send.not_found for any other send, and as `SendReplacements.add`
   */
  async cancel(
    token: ForeignToken,
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
    const found = await this.stored.find(walletId, sendId);
    const version = found?.versions.at(-1);
    if (!found || !version) throw sendError('send.not_found');
    return readSent(version.raw, found.details.address);
  }
}
