import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import {
  ActMetrics,
  WalletActs,
  type ActRequest,
  type ForeignToken,
  type OpenedAct,
} from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { sendError } from '../sending.errors';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw, sealedSend } from '../store/send-sealing';
import type { WantedSend } from '../ports/send-port';
import { SendPlans } from './send-plans';
import { SendReplacements } from './send-replacements';
import { SendSigning, type UsesAct } from './send-signing';

/** Sends from embedded wallets, each once. */
@Injectable()
export class Sending {
  constructor(
    private readonly database: Database,
    private readonly plans: SendPlans,
    private readonly acts: WalletActs,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
    private readonly broadcasts: Broadcasts,
    private readonly clock: Clock,
    private readonly metrics: ActMetrics,
    private readonly signing: SendSigning,
    private readonly replacements: SendReplacements,
  ) {}

  /**
   * Stores the signed transaction in the transaction that performs the act and takes the nonce. Its bytes leave after that.
   * @returns the send; again, the same one
   * @throws AppError send.too_many_open, and as `SendPlans`, `ReadySend` and `WalletActs.consume`: then nothing is stored
   */
  async perform(caller: Principal, opened: OpenedAct): Promise<string> {
    const { id, walletId, kind, doneAt } = opened.act;
    const sendId = kind === 'send' ? id : String(opened.wanted.request?.['sendId']);
    if (doneAt) return sendId;
    return this.metrics.counted(kind, 'done', async () => {
      try {
        await this.performNow(caller, opened);
      } catch (error) {
        // A parallel call may have performed it, and used what the wallet had.
        if (!(await this.acts.get(caller, walletId, id)).act.doneAt) throw error;
      }
      return sendId;
    });
  }

  private async performNow(caller: Principal, opened: OpenedAct): Promise<void> {
    const { act, wanted, details } = opened;
    this.acts.assertOpen(act);
    const maxFee = BigInt(details?.maxFee ?? 0);
    const all = { own: await this.acts.ownOf(caller, act.walletId), wanted, maxFee };
    const use: UsesAct = (tx, read) => this.acts.consume(tx, caller, opened, read);
    if (act.kind === 'speed-up' || act.kind === 'cancel') await this.replacements.add(all, act.kind, use);
    else await this.make(caller, all, use, false);
  }

  /**
   * As `perform`, with a token that another API made before the send was known: the person has seen no fee, so that only the chain
   * caps it.
   * @throws AppError as `perform` and `WalletActs.consumeForeign`
   */
  async sendBy(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    wanted: ActRequest,
  ): Promise<string> {
    return this.metrics.counted('send', 'done', async () => {
      const all = { own: await this.acts.ownOf(caller, walletId), wanted, maxFee: null };
      return this.make(caller, all, this.foreign(token, caller, walletId, 'send'), true);
    });
  }

  private async make(caller: Principal, all: WantedSend, use: UsesAct, isCompat: boolean): Promise<string> {
    const walletId = all.own.wallet.id;
    const plan = await this.plans.plan(all);
    const { chain } = plan;
    const ready = await plan.ready();
    const sendId = await this.signing.run(walletId, async (tx, callId) => {
      const { id, consent } = await use(tx, plan.read);
      const wallet = await this.keys.openOne(tx, walletId);
      const { applicationId, sessionId } = caller;
      const now = this.clock.now();
      await ready.assertFunds(tx, wallet, id);
      const nonce = await ready.takeNonce(tx, await this.sends.lockNonces(tx, walletId, chain.id));
      const raw = await ready.sign({ callId, consent }, nonce);
      await this.sends.insert(
        tx,
        {
          ...{ id, walletId, applicationId, sessionId, chainId: chain.id, isCompat, nonce: String(nonce) },
          ...{ state: 'broadcasting', revision: 0, outcome: null, createdAt: now, lookedAt: now },
          details: sealedSend.seal(wallet.dataKey, id, plan.read.details),
          ...{ broadcastAt: nextBroadcastAt(chain, now), answers: [] },
        },
        {
          ...{ sendId: id, number: 1, kind: 'first', createdAt: now },
          raw: sealedRaw.seal(wallet.dataKey, [id, 1], raw),
        },
      );
      return id;
    });
    this.broadcasts.begin(walletId, sendId);
    return sendId;
  }

  /**
   * Cancels, with a token that another API made before the act was known, what such a token of the same application sent.
   * @returns the send
   * @throws AppError send.not_found for any other send, and as `perform` and `WalletActs.consumeForeign`
   */
  async cancelBy(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    { chainId, nonce }: { readonly chainId: string; readonly nonce: number },
  ): Promise<string> {
    const own = await this.acts.ownOf(caller, walletId);
    const send = await this.database.read((manager) =>
      this.sends.findByNonce(manager, { walletId, chainId, nonce }),
    );
    if (!send?.isCompat || send.applicationId !== caller.applicationId) throw sendError('send.not_found');
    const all = { own, wanted: { request: { sendId: send.id } }, maxFee: null };
    return this.replacements.add(all, 'cancel', this.foreign(token, caller, walletId, 'cancel'));
  }

  private foreign(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    kind: 'send' | 'cancel',
  ): UsesAct {
    return (tx, read) => this.acts.consumeForeign(tx, caller, { walletId, kind }, token, read);
  }
}
