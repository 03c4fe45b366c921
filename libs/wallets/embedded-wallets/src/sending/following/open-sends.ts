import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Clock, Logger } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { ForeignUse } from '../../own/foreign-use';
import { Outbox } from '@countersign/audit';
import type { Chain } from '@countersign/chains';
import { SendEntity, type StoredState } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { sealedOutcome, StoredSends, type SendProgress, type StoredSend } from '../store/stored-sends';
import { SendPlans } from '../send-plans';
import { Broadcasts } from './broadcasts';
import { sendEvents } from '../sending.feature';

const ENDS: Partial<Record<StoredState, (typeof sendEvents)[keyof typeof sendEvents]>> = {
  final: sendEvents.final,
  failed: sendEvents.failed,
  'not-sent': sendEvents.notSent,
  replaced: sendEvents.replaced,
};

@Injectable()
export class SendChanges {
  constructor(
    private readonly database: Database,
    private readonly sends: SendsRepository,
    private readonly outbox: Outbox,
    private readonly foreignUse: ForeignUse,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** @returns the changed send; the unchanged send if another replica changed it first */
  async change({ send, wallet, versions, outcome }: StoredSend, next: SendProgress): Promise<SendEntity> {
    const { state } = next;
    if (state === send.state && JSON.stringify(outcome) === JSON.stringify(next.outcome)) return send;
    // If a reorganisation dropped the transaction, its bytes go to the nodes at once.
    const again = state === 'broadcasting' ? { broadcastAt: this.clock.now() } : {};
    const change = { state, outcome: sealedOutcome.seal(wallet.dataKey, send.id, next.outcome), ...again };
    const mined = next.outcome && 'version' in next.outcome ? next.outcome.version : 0;
    const isCancelled = state === 'final' && versions[mined - 1]?.kind === 'cancel';
    const end = isCancelled ? sendEvents.cancelled : ENDS[state];
    const isChanged = await this.database.transaction(async (tx) => {
      if (!(await this.sends.change(tx, send, change))) return false;
      if (end !== undefined) await this.outbox.add(tx, end, await this.sends.endedFor(tx, send));
      if (state === 'replaced') await this.foreignUse.note(tx, send.walletId);
      if (state === 'not-sent') await this.sends.giveNonceBack(tx, send);
      return true;
    });
    if (!isChanged) return send;
    if (state === 'replaced' || (state === 'broadcasting' && send.state === 'mined'))
      this.logger.warn({ sendId: send.id, chainId: send.chainId, state }, 'a send is in no block any more');
    return { ...send, ...change };
  }
}

/** Limits the sends of a round, so that many waiting sends do not use up the chain's requests. */
const LOOKED_AT = 50;

@Injectable()
export class OpenSends {
  constructor(
    private readonly database: Database,
    private readonly plans: SendPlans,
    private readonly sends: SendsRepository,
    private readonly stored: StoredSends,
    private readonly changes: SendChanges,
    private readonly broadcasts: Broadcasts,
    private readonly clock: Clock,
  ) {}

  due({ id }: Chain): Promise<readonly SendEntity[]> {
    return this.database.read((manager) => this.sends.listOpen(manager, id, LOOKED_AT));
  }

  async look(chain: Chain, due: readonly SendEntity[]): Promise<void> {
    const open = await this.database.read((manager) => this.stored.openEach(manager, due));
    const progress = (await this.plans.portOf(chain.id)?.port.look(chain, open)) ?? [];
    const waiting: SendEntity[] = [];
    for (const [index, each] of open.entries()) {
      const next = progress[index];
      const send = next ? await this.changes.change(each, next) : each.send;
      if (send.state === 'broadcasting') waiting.push(send);
    }
    const looked = { id: In(due.map(({ id }) => id)) };
    await this.database.transaction((tx) => tx.update(SendEntity, looked, { lookedAt: this.clock.now() }));
    await this.broadcast(waiting);
  }

  /** The lowest nonces come first, because higher nonces wait for them. A failed broadcast is repeated later. */
  private async broadcast(waiting: readonly SendEntity[]): Promise<void> {
    const now = this.clock.now();
    const due = waiting
      .filter(({ broadcastAt }) => broadcastAt <= now)
      .toSorted((one, other) => Number(one.nonce) - Number(other.nonce));
    for (const { walletId, id } of due) await this.broadcasts.broadcast(walletId, id);
  }
}
