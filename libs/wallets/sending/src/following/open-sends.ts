import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Clock, Logger } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { ForeignUse } from '@countersign/embedded-wallets';
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

/** Changes the state of a send, and lets the application that asked for it know how it ended. */
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

  /** @returns the send as it is now; as it was read, where another replica changed it since then */
  async change({ send, wallet, versions, outcome }: StoredSend, next: SendProgress): Promise<SendEntity> {
    const { state } = next;
    if (state === send.state && JSON.stringify(outcome) === JSON.stringify(next.outcome)) return send;
    // What a reorganisation dropped is given to the nodes at once.
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

/** How many sends are looked at in a round, so that many that wait do not take all requests of a chain. */
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

  /** Asks nodes what became of sends, and gives those that wait to them again. */
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

  /** The lowest nonces first: those above wait for them. One that fails is tried again in its time. */
  private async broadcast(waiting: readonly SendEntity[]): Promise<void> {
    const now = this.clock.now();
    const due = waiting
      .filter(({ broadcastAt }) => broadcastAt <= now)
      .toSorted((one, other) => Number(one.nonce) - Number(other.nonce));
    for (const { walletId, id } of due) await this.broadcasts.broadcast(walletId, id);
  }
}
