import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, Semaphore } from '@countersign/runtime';
import { Database, OneAtATime, unavailable } from '@countersign/database';
import { WalletActs, type ActSource, type OpenedAct } from '../acts/wallet-acts.service';
import type { Principal } from '@countersign/sessions';
import { Broadcasts, nextBroadcastAt } from './following/broadcasts';
import { SendPlans, type WantedSend } from './send-plans';
import { SendEntity, SendVersionEntity } from './store/send.entities';
import { SendsRepository } from './store/sends.repository';
import { sealedRaw, sealedSend } from './store/stored-sends';

/** Custody signs one call after the other. */
const MAX_SIGNING = 4;
const MAX_WAIT_MS = 10_000;

/** Sends from embedded wallets, each send once. */
@Injectable()
export class Sending {
  private readonly signers = new Semaphore(MAX_SIGNING);
  private readonly turns = new OneAtATime();

  constructor(
    private readonly database: Database,
    private readonly plans: SendPlans,
    private readonly acts: WalletActs,
    private readonly sends: SendsRepository,
    private readonly broadcasts: Broadcasts,
    private readonly clock: Clock,
  ) {}

  /** The bytes leave the process only after the transaction that stores them. @returns the id of the send */
  async send(caller: Principal, all: WantedSend, source: ActSource): Promise<string> {
    const walletId = all.own.wallet.id;
    const plan = await this.plans.plan(all);
    const sign = await plan.prepare();
    return this.signed(walletId, async (tx, callId) => {
      const { id, consent, wallet } = await this.acts.perform(tx, caller, source, plan.read);
      const now = this.clock.now();
      const { nonce, raw } = await sign(tx, wallet, { callId, consent, sendId: id, nonce: null });
      const { applicationId, sessionId } = caller;
      await tx.insert(SendEntity, {
        ...{ id, walletId, applicationId, sessionId, chainId: plan.chain.id, nonce: String(nonce) },
        ...{ isCompat: 'token' in source, state: 'broadcasting', revision: 0, outcome: null },
        details: sealedSend.seal(wallet.dataKey, id, plan.read.details),
        ...{ createdAt: now, lookedAt: now, broadcastAt: nextBroadcastAt(plan.chain, now), answers: [] },
      });
      await tx.insert(SendVersionEntity, {
        ...{ sendId: id, number: 1, kind: 'first', createdAt: now },
        raw: sealedRaw.seal(wallet.dataKey, [id, 1], raw),
      });
      return id;
    });
  }

  /**
   * Runs a transaction in which custody signs and the bytes are stored, and broadcasts them after it. A limit on
   * parallel signatures leaves connections for other calls while custody hangs. Each wallet signs one send at a time.
   * The id of custody's call is committed first, so that a signature has its row even if this process ends too early.
   * @param work returns the id of the send
   */
  async signed(
    walletId: string,
    work: (tx: EntityManager, callId: string) => Promise<string>,
  ): Promise<string> {
    const limit = AbortSignal.timeout(MAX_WAIT_MS);
    const sign = async (): Promise<string> => {
      const callId = uuidv7();
      const signing = { callId, walletId, requestedAt: this.clock.now() };
      await this.database.transaction((tx) => this.sends.insertSigning(tx, signing));
      return this.database.transaction((tx) => work(tx, callId));
    };
    try {
      const sendId = await this.turns.run(walletId, () => this.signers.run(sign, limit));
      this.broadcasts.begin(walletId, sendId);
      return sendId;
    } catch (error) {
      throw error === limit.reason ? unavailable(error) : error;
    }
  }
}

/** The highest fee in `details` is the one that the person saw. */
export function wantedBy({ own, wanted, details }: OpenedAct): WantedSend {
  return { own, wanted, maxFee: BigInt(details?.maxFee ?? 0) };
}
