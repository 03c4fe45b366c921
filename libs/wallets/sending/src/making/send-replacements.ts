import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import type { ReplacementKind } from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw } from '../store/send-sealing';
import type { WantedSend } from '../ports/send-port';
import { SendPlans } from './send-plans';
import { SendSigning, type UsesAct } from './send-signing';

const MAX_VERSIONS = 20;

/** Adds versions to sends that no block has. Any version may be the one that a block gets. */
@Injectable()
export class SendReplacements {
  constructor(
    private readonly plans: SendPlans,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
    private readonly broadcasts: Broadcasts,
    private readonly clock: Clock,
    private readonly signing: SendSigning,
  ) {}

  /**
   * @param use in the transaction that signs, before anything else
   * @returns the send
   * @throws AppError send.not_found, send.settled, send.earlier_waits, send.too_many_versions, send.funds_too_low,
   * and as `SendPlans.replacement`
   */
  async add(all: WantedSend, kind: ReplacementKind, use: UsesAct): Promise<string> {
    const walletId = all.own.wallet.id;
    const plan = await this.plans.replacement(all, kind);
    const { sendId } = plan;
    const ready = await plan.ready();
    await this.signing.run(walletId, async (tx, callId) => {
      const { consent } = await use(tx, { ...plan.read, trail: { ...plan.read.trail, sendId } });
      const wallet = await this.keys.openOne(tx, walletId);
      const send = await this.sends.lock(tx, walletId, sendId);
      if (!send) throw sendError('send.not_found');
      if (send.state !== 'broadcasting') throw sendError('send.settled');
      if (await this.sends.hasEarlier(tx, send)) throw sendError('send.earlier_waits');
      const versions = await this.sends.versionsOf(tx, [sendId]);
      // Another call has replaced it meanwhile.
      if (versions.length !== plan.replaced) throw sendError('send.settled');
      if (versions.length >= MAX_VERSIONS) throw sendError('send.too_many_versions');
      await ready.assertFunds(tx, wallet, sendId);
      const raw = await ready.sign({ callId, consent }, Number(send.nonce));
      const [number, now] = [versions.length + 1, this.clock.now()];
      const sealed = sealedRaw.seal(wallet.dataKey, [sendId, number], raw);
      const version = { sendId, number, kind: plan.kind, raw: sealed, createdAt: now };
      await this.sends.addVersion(tx, version, nextBroadcastAt(plan.chain, now));
    });
    this.broadcasts.begin(walletId, sendId);
    return sendId;
  }
}
