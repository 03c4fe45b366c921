import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { open, seal, type Place } from '@countersign/crypto';
import type { MergePair } from '@countersign/users';
import { SessionsRepository } from '../store/sessions.repository';
import { SessionsService } from '../sessions.service';

/** The sessions of two accounts that merge: the loser's end, and are kept as the survivor's. */
@Injectable()
export class SessionMerging {
  constructor(
    private readonly repository: SessionsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** @returns the ids of the sessions that it ended. */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    const scope = { userId: loser.userId, applicationId: null, exceptId: null };
    const ended = await this.sessions.endOfUser(tx, scope, 'merged');
    for (const { id, deviceName } of await this.repository.deviceNamesOf(tx, loser.userId)) {
      const place: Place = { table: 'sessions', column: 'device_name', row: id };
      const plain = open(loser.dataKey, place, deviceName);
      await this.repository.setDeviceName(tx, id, seal(survivor.dataKey, place, plain));
    }
    await this.repository.moveToUser(tx, loser.userId, survivor.userId);
    return ended;
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return { sessions: await this.repository.lockAndCountOfUser(tx, userId) };
  }
}
