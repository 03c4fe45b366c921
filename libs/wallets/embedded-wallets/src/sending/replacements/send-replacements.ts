import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/runtime';
import { WalletActs, type ActSource } from '../../acts/wallet-acts.service';
import { type ReplacementKind } from '../../acts/acts';
import type { Principal } from '@countersign/sessions';
import { EvmSends } from '../evm/evm-sends';
import { nextBroadcastAt } from '../following/broadcasts';
import { SendPlans, type SendPlan, type WantedSend } from '../send-plans';
import { sendError } from '../sending.errors';
import { Sending } from '../sending.service';
import { SendEntity, SendVersionEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw, StoredSends } from '../store/stored-sends';

const MAX_VERSIONS = 20;

interface ReplacementPlan extends SendPlan {
  readonly kind: ReplacementKind;
  readonly sendId: string;
  /** The number of the replaced version. */
  readonly replaced: number;
}

/** Adds versions to sends that are in no block. A block may get any of the versions. */
@Injectable()
export class SendReplacements {
  constructor(
    private readonly plans: SendPlans,
    private readonly evm: EvmSends,
    private readonly stored: StoredSends,
    private readonly sending: Sending,
    private readonly acts: WalletActs,
    private readonly sends: SendsRepository,
    private readonly clock: Clock,
  ) {}

  async plan(all: WantedSend, asked: ReplacementKind): Promise<ReplacementPlan> {
    const sendId = String(all.wanted.request?.['sendId']);
    const stored = await this.stored.get(all.own.wallet.id, sendId);
    const { send, versions } = stored;
    // A cancelled send moves nothing, even with higher fees.
    const kind = versions.at(-1)?.kind === 'cancel' ? 'cancel' : asked;
    const on = this.plans.chainOf(all.own, send.chainId);
    if (send.state !== 'broadcasting') throw sendError('send.settled');
    // A message of TON expires within a minute.
    if (on.chain.kind !== 'evm') throw sendError('send.not_replaceable');
    const plan = await this.evm.replacement({ ...all, ...on }, stored, kind);
    return { ...plan, kind, sendId, replaced: versions.length };
  }

  async add(caller: Principal, all: WantedSend, asked: ReplacementKind, source: ActSource): Promise<void> {
    const walletId = all.own.wallet.id;
    const { sendId, kind, replaced, chain, read, prepare } = await this.plan(all, asked);
    const sign = await prepare();
    await this.sending.signed(walletId, async (tx, callId) => {
      const acted = { ...read, trail: { ...read.trail, sendId } };
      const { consent, wallet } = await this.acts.perform(tx, caller, source, acted);
      const send = await this.sends.lock(tx, walletId, sendId);
      if (!send) throw sendError('send.not_found');
      if (send.state !== 'broadcasting') throw sendError('send.settled');
      if (await this.sends.hasEarlier(tx, send)) throw sendError('send.earlier_waits');
      const { length } = await this.sends.versionsOf(tx, [sendId]);
      // Another call has replaced it meanwhile.
      if (length !== replaced) throw sendError('send.settled');
      if (length >= MAX_VERSIONS) throw sendError('send.too_many_versions');
      const call = { callId, consent, sendId, nonce: Number(send.nonce) };
      const { raw } = await sign(tx, wallet, call);
      const [number, now] = [length + 1, this.clock.now()];
      const sealed = sealedRaw.seal(wallet.dataKey, [sendId, number], raw);
      const version = { sendId, number, kind, raw: sealed, createdAt: now };
      await tx.insert(SendVersionEntity, version);
      await tx.update(SendEntity, { id: sendId }, { broadcastAt: nextBroadcastAt(chain, now) });
      return sendId;
    });
  }
}
