import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { AccountPartOf, accountPartOrder, type AccountPart } from '@countersign/users';

/** The modules that store data of a person: all providers with `@PartOfAccount`. */
@Injectable()
export class AccountParts {
  private found: readonly AccountPart[] | null = null;

  constructor(private readonly discovery: DiscoveryService) {}

  /** What refers to rows of others comes first. Call it after all modules are initialised. */
  get all(): readonly AccountPart[] {
    this.found ??= this.discovery
      .getProviders({ metadataKey: AccountPartOf.KEY })
      .flatMap((provider) => {
        const place = this.discovery.getMetadataByDecorator(AccountPartOf, provider);
        const part = provider.instance as AccountPart;
        return place ? [{ rank: accountPartOrder[place], name: part.constructor.name, part }] : [];
      })
      .toSorted((one, other) => one.rank - other.rank || (one.name < other.name ? -1 : 1))
      .map(({ part }) => part);
    return this.found;
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
