import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, type EntityManager } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { RevealRequestEntity } from './reveal-request.entity';
import type { WantedApproval } from './revealed-fields';

@Injectable()
export class RevealRequestsRepository {
  async insert(tx: EntityManager, request: RevealRequestEntity): Promise<void> {
    await tx.insert(RevealRequestEntity, request);
  }

  async save(tx: EntityManager, request: RevealRequestEntity): Promise<void> {
    await tx.save(RevealRequestEntity, request);
  }

  /** Locked until the end of the transaction. */
  async lock(tx: EntityManager, id: string): Promise<RevealRequestEntity | null> {
    return tx.findOne(RevealRequestEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The operator's last request for the same, locked, unless it was used or has expired. */
  async lockOpen(
    tx: EntityManager,
    actor: string,
    userId: string,
    { act, identityId, fields, reason }: WantedApproval,
    now: Date,
  ): Promise<RevealRequestEntity | null> {
    const open = await tx.find(RevealRequestEntity, {
      where: { actor, act, userId, identityId: identityId ?? IsNull(), reason, expiresAt: MoreThan(now) },
      order: { id: 'DESC' },
      lock: { mode: 'pessimistic_write' },
    });
    const wanted = fields.join(' ');
    return open.find((one) => one.status !== 'used' && one.fields.join(' ') === wanted) ?? null;
  }

  /** Those that wait for a decision, newest first; one more than the limit. */
  async listPending(
    manager: EntityManager,
    { afterId, limit }: Keyset,
    now: Date,
  ): Promise<readonly RevealRequestEntity[]> {
    return manager.find(RevealRequestEntity, {
      where: {
        status: 'pending',
        expiresAt: MoreThan(now),
        ...(afterId === null ? {} : { id: LessThan(afterId) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
  }

  /** @returns how many rows were deleted */
  async deleteExpired(tx: EntityManager, before: Date): Promise<number> {
    return (await tx.delete(RevealRequestEntity, { expiresAt: LessThan(before) })).affected ?? 0;
  }
}
