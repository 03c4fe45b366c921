import { Injectable } from '@nestjs/common';
import { NIL as NIL_UUID } from 'uuid';
import {
  Any,
  IsNull,
  LessThanOrEqual,
  MoreThan,
  Not,
  type EntityManager,
  type FindOptionsWhere,
} from 'typeorm';
import { Database, lockRow } from '@countersign/database';
import { AccountEvents } from '../accounts/account-events';
import { UserAliasEntity, UserEntity } from '../store/user.entity';
import type { LockedUser } from '../user';
import { userError } from '../user.errors';
import { UserErasureEntity, type Erasure } from './erasure.entity';
import { userEvents } from '../users.feature';

const PAGE = 1_000;

export type LedgerStanding = 'present' | 'merged' | 'gone';

/** Stores requested erasures. */
@Injectable()
export class Erasures {
  constructor(
    private readonly database: Database,
    private readonly events: AccountEvents,
  ) {}

  async find(userId: string, tx?: EntityManager): Promise<Erasure | null> {
    return this.database.read((manager) => manager.findOneBy(UserErasureEntity, { userId }), tx);
  }

  /** Replaces an earlier request. */
  async put(tx: EntityManager, { userId }: LockedUser, erasure: Omit<Erasure, 'userId'>): Promise<void> {
    await tx.delete(UserErasureEntity, { userId });
    await tx.insert(UserErasureEntity, { ...erasure, userId });
    await tx.update(UserEntity, { id: userId }, { isClosed: true });
    const data = { userId, erasesAt: erasure.eraseAt.toISOString() };
    await this.events.add(tx, userEvents.userErasureRequested, userId, data);
  }

  async cancel(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await tx.delete(UserErasureEntity, { userId });
    await tx.update(UserEntity, { id: userId }, { isClosed: false });
    await this.events.add(tx, userEvents.userErasureCancelled, userId, { userId });
  }

  async start(tx: EntityManager, { userId }: LockedUser, at: Date): Promise<void> {
    await tx.update(UserErasureEntity, { userId }, { startedAt: at });
  }

  /** Lists users whose erasure a weaker proof than the platform's requested in an application, and has not begun. */
  async listOfWeakProofs(applicationId: string): Promise<readonly string[]> {
    return this.list({ applicationId, assurance: Not('platform'), startedAt: IsNull() });
  }

  async *due(now: Date): AsyncGenerator<string> {
    let page: readonly string[] = [];
    do {
      const after = page.at(-1) ?? NIL_UUID;
      page = await this.list(
        { eraseAt: LessThanOrEqual(now), userId: MoreThan(after), isDisputed: false },
        { take: PAGE },
      );
      yield* page;
    } while (page.length === PAGE);
  }

  private async list(where: FindOptionsWhere<UserErasureEntity>, page = {}): Promise<readonly string[]> {
    const wanted = { select: { userId: true }, where, order: { userId: 'ASC' }, ...page } as const;
    const found = await this.database.read((manager) => manager.find(UserErasureEntity, wanted));
    return found.map(({ userId }) => userId);
  }

  /** The account's own id, and the ids of accounts that were merged into it. */
  async idsOf(tx: EntityManager, userId: string): Promise<readonly string[]> {
    const aliases = await tx.find(UserAliasEntity, {
      select: { id: true },
      where: { userId },
      order: { id: 'ASC' },
    });
    return [userId, ...aliases.map(({ id }) => id)];
  }

  /** Returns the ids whose erasure has begun here; an id may belong to a merged account. */
  async begun(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    return this.database.read(async (manager) => {
      const aliases = await manager.findBy(UserAliasEntity, { id: Any([...ids]) });
      const owners = new Map([
        ...ids.map((id) => [id, id] as const),
        ...aliases.map(({ id, userId }) => [id, userId] as const),
      ]);
      const begun = await manager.findBy(UserErasureEntity, {
        userId: Any([...owners.values()]),
        startedAt: Not(IsNull()),
      });
      return new Set(ids.filter((id) => begun.some(({ userId }) => userId === owners.get(id))));
    });
  }

  /** Finds an account of the ledger by its own id, with the accounts that were merged into it. Locks the account. */
  async standingOf(
    tx: EntityManager,
    id: string,
  ): Promise<{ readonly standing: LedgerStanding; readonly aliases: readonly string[] }> {
    if (await lockRow(tx, UserEntity, { id }))
      return { standing: 'present', aliases: (await this.idsOf(tx, id)).slice(1) };
    return { standing: (await tx.existsBy(UserAliasEntity, { id })) ? 'merged' : 'gone', aliases: [] };
  }

  /**
   * Closes accounts whose erasure only the ledger knows, by their own ids: a merged account may have been separated
   * since. A person's own request stays unchanged. @returns the ids of the accounts that exist here
   */
  async dispute(tx: EntityManager, ids: readonly string[], at: Date): Promise<readonly string[]> {
    const here: string[] = [];
    const erasure = { reason: 'restore', requestedAt: at, eraseAt: at, isDisputed: true } as const;
    for (const userId of ids.toSorted()) {
      if ((await tx.update(UserEntity, { id: userId }, { isClosed: true })).affected === 0) continue;
      here.push(userId);
      const { affected } = await tx.update(UserErasureEntity, { userId }, { isDisputed: true });
      if (affected === 0) await tx.insert(UserErasureEntity, { userId, ...erasure });
    }
    return here;
  }

  /** Opens the accounts again that are closed only because of the ledger. */
  async openDisputed(tx: EntityManager): Promise<void> {
    const where = { isDisputed: true, reason: 'restore' } as const;
    const closed = await tx.findBy(UserErasureEntity, where);
    await tx.update(UserEntity, { id: Any(closed.map(({ userId }) => userId)) }, { isClosed: false });
    await tx.delete(UserErasureEntity, where);
    await tx.update(UserErasureEntity, { isDisputed: true }, { isDisputed: false });
  }
}

export function erasurePending({ eraseAt, isDisputed }: Erasure): Error {
  return userError('user.erasure_pending', {
    members: { erasesAt: eraseAt.toISOString() },
    ...(isDisputed && {
      detail: 'The account was erased before. An operator has to answer: try again later.',
    }),
  });
}
