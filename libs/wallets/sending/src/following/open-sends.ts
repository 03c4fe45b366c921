import { Injectable } from '@nestjs/common';
import type { Chain } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { SendPlans } from '../send-plans';
import type { SendEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { StoredSends } from '../store/stored-sends';
import { Broadcasts } from './broadcasts';
import { SendChanges } from './send-changes';

/** How many sends are looked at in a round, so that many that wait do not take all requests of a chain. */
const LOOKED_AT = 50;

/** Looks at the sends of a chain until each is final. */
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
    const ids = due.map(({ id }) => id);
    await this.database.transaction((tx) => this.sends.setLooked(tx, ids, this.clock.now()));
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
