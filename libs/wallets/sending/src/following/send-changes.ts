import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, type EventType } from '@countersign/events';
import type { SendEntity, StoredState, VersionKind } from '../store/send.entities';
import { SendsRepository, type SendChange } from '../store/sends.repository';

type EventOfEnd = EventType & `wallet.send_${string}`;

const ENDS: Partial<Record<StoredState, EventOfEnd>> = {
  final: 'wallet.send_final',
  failed: 'wallet.send_failed',
  'not-sent': 'wallet.send_not_sent',
  replaced: 'wallet.send_replaced',
};

/** Changes the state of a send, and lets the application that asked for it know how it ended. */
@Injectable()
export class SendChanges {
  constructor(
    private readonly sends: SendsRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @param kind of the version that a block has; null where none has one
   * @returns false where another replica changed it since it was read
   */
  async change(
    tx: EntityManager,
    send: SendEntity,
    change: SendChange & Partial<Pick<SendEntity, 'broadcastAt'>>,
    kind: VersionKind | null,
  ): Promise<boolean> {
    if (!(await this.sends.change(tx, send, change))) return false;
    const end = ENDS[change.state];
    if (end === undefined) return true;
    const type = end === 'wallet.send_final' && kind === 'cancel' ? 'wallet.send_cancelled' : end;
    await this.outbox.add(tx, type, await this.sends.endedFor(tx, send));
    return true;
  }
}
