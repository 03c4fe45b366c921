import type { EntityManager } from 'typeorm';
import type { DataKey } from '@countersign/crypto';
import { rows } from '@countersign/database';
import { IdentityEntity } from '../store/identity.entity';
import { openContent, sealContent } from '../store/profile-sealing';
import { COMBINE_SEEN, COPY_NOT_BEFORE, COUNT_OF_USER, MERGE_NOT_BEFORE } from '../store/users.sql';

/** Locks the identities in the order of their ids. The caller has locked the user. */
export async function lockIdentities(tx: EntityManager, userId: string): Promise<readonly IdentityEntity[]> {
  return tx.find(IdentityEntity, {
    where: { userId },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}

/** Gives the identity to another user, sealed again under their key. The caller holds the locks of both users. */
export async function moveIdentity(
  tx: EntityManager,
  { id, content }: Pick<IdentityEntity, 'id' | 'content'>,
  from: DataKey,
  to: { readonly userId: string; readonly dataKey: DataKey },
): Promise<void> {
  const moved = sealContent(to.dataKey, id, openContent(from, id, content));
  await tx.update(IdentityEntity, { id }, { userId: to.userId, content: moved });
}

export async function combineVisits(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
  await tx.query(MERGE_NOT_BEFORE, [loserId, survivorId]);
  await tx.query(COMBINE_SEEN, [loserId, survivorId]);
}

export async function copyNotBefore(tx: EntityManager, fromId: string, toId: string): Promise<void> {
  await tx.query(COPY_NOT_BEFORE, [fromId, toId]);
}

export async function countOfUser(tx: EntityManager, userId: string): Promise<Record<string, number>> {
  const [counts = {}] = await rows<Record<string, number>>(tx, COUNT_OF_USER, [userId]);
  return counts;
}
