import type { EntityManager } from 'typeorm';
import { lockRows, rows, type Locked } from '@countersign/database';
import { IdentityEntity } from '../store/identity.entity';
import { openContent, sealContent } from '../store/profile-sealing';
import type { LockedUser } from '../user';
import { COMBINE_SEEN, COPY_NOT_BEFORE, COUNT_OF_USER, MERGE_NOT_BEFORE } from '../store/users.sql';

export async function lockIdentities(
  tx: EntityManager,
  { userId }: LockedUser,
): Promise<readonly Locked<IdentityEntity>[]> {
  return lockRows(tx, IdentityEntity, { userId }, 'pessimistic_write');
}

/** Gives the identity to another user, sealed again under their key. */
export async function moveIdentity(
  tx: EntityManager,
  { id, content }: Locked<IdentityEntity>,
  from: LockedUser,
  to: LockedUser,
): Promise<void> {
  const moved = sealContent(to.dataKey, id, openContent(from.dataKey, id, content));
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
