import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { accountPartOrder, PartOfAccount, type AccountPart } from '@countersign/users';

/** The modules that store data of a person: all providers with `@PartOfAccount`. */
@Injectable()
export class AccountParts {
  private readonly parts;
  private ordered: readonly AccountPart[] | null = null;

  constructor(discovery: DiscoveryService) {
    this.parts = PartOfAccount.in(discovery);
  }

  /** What refers to rows of others comes first. Call it after all modules are initialised. */
  get all(): readonly AccountPart[] {
    this.ordered ??= this.parts.declared
      .toSorted((one, other) => accountPartOrder[one.declaration] - accountPartOrder[other.declaration])
      .map(({ provider }) => provider);
    return this.ordered;
  }

  /** What parts lock before all parts of a merge or an erasure. The caller has locked the users. */
  async lock(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    for (const part of this.all) await part.lock?.(tx, userIds);
  }

  /** The sum of the users' rows. */
  async inventory(tx: EntityManager, userIds: readonly string[]): Promise<Record<string, number>> {
    const sum: Record<string, number> = {};
    for (const part of this.all)
      for (const userId of userIds)
        for (const [kind, count] of Object.entries(await part.count(tx, userId)))
          sum[kind] = (sum[kind] ?? 0) + count;
    return sum;
  }
}
