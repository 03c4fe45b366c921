import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import {
  accountDataOrder,
  countBy,
  countRows,
  eraseRows,
  exportedItems,
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type LockedUser,
  type ObjectedAct,
  type Reading,
} from '@countersign/users';

@Injectable()
export class AccountDataOfModules {
  private readonly accountData;

  constructor(discovery: DiscoveryService) {
    this.accountData = HasAccountData.in(discovery);
  }

  /** Modules whose rows refer to rows of others come first. */
  get all(): readonly AccountData[] {
    return this.accountData.declared
      .toSorted((one, other) => accountDataOrder[one.declaration] - accountDataOrder[other.declaration])
      .map(({ provider }) => provider);
  }

  /** Locks the rows that a merge or an erasure locks first. */
  async lock(tx: EntityManager, users: readonly LockedUser[]): Promise<void> {
    for (const data of this.all) await data.lock?.(tx, users);
  }

  async objectionsTo(act: ObjectedAct, manager: EntityManager, userId: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const data of this.all) ids.push(...((await data.objectionsTo?.(act, manager, userId)) ?? []));
    return ids;
  }

  async inventory(tx: EntityManager, userIds: readonly string[]): Promise<Record<string, number>> {
    const sum: Record<string, number> = {};
    const add = (kind: string, count: number): void => {
      sum[kind] = (sum[kind] ?? 0) + count;
    };
    for (const data of this.all)
      for (const userId of userIds) {
        for (const [kind, count] of Object.entries((await data.count?.(tx, userId)) ?? {})) add(kind, count);
        for (const owned of data.owned ?? [])
          if (owned.counted !== undefined) add(owned.counted, await countRows(tx, owned, userId));
      }
    return sum;
  }

  /** The number of things that an erasure of the account deletes, by kind. */
  async lostOf(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    const lost = await this.inventory(tx, [userId]);
    for (const data of this.all)
      for (const [name, from] of Object.entries(data.lost ?? {}))
        lost[name] = await countBy(tx, from, userId);
    return lost;
  }

  sectionsOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return this.all.flatMap((data) => [
      ...(data.exported ?? []).map((rows) => ({ ...rows, items: exportedItems(read, rows, person) })),
      ...(data.exportOf?.(read, person) ?? []),
    ]);
  }

  /** Deletes the account's data and its public copies. */
  async erase(tx: EntityManager, user: LockedUser): Promise<void> {
    await this.lock(tx, [user]);
    for (const data of this.all) {
      await data.erase?.(tx, user);
      for (const owned of data.owned ?? []) await eraseRows(tx, owned, user.userId);
    }
  }
}
