import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** Names of people in the audit trail, from a module that imports this one. */
export interface AuditNamesSource {
  /** The person's names as actor or subject; none for an unknown person. */
  namesOf(manager: EntityManager, userId: string): Promise<readonly string[]>;
  /** The actors of people, by user id; only of the module that has the pseudonyms. */
  actorsOf?(manager: EntityManager, userIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const Source = DiscoveryService.createDecorator<true>();

/** Registers an `AuditNamesSource`. */
export function NamesPeople(): (provider: new (...parts: never[]) => AuditNamesSource) => void {
  return Source(true);
}

/** The names of a person in the audit trail, by all modules. */
@Injectable()
export class AuditNames {
  constructor(private readonly discovery: DiscoveryService) {}

  async of(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (const source of this.sources) names.push(...(await source.namesOf(manager, userId)));
    return names;
  }

  /** The actors of people, by user id; without those who are gone. */
  async actorsOf(manager: EntityManager, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const actors = new Map<string, string>();
    for (const source of userIds.length > 0 ? this.sources : [])
      for (const [userId, actor] of (await source.actorsOf?.(manager, userIds)) ?? [])
        actors.set(userId, actor);
    return actors;
  }

  private get sources(): readonly AuditNamesSource[] {
    const providers = this.discovery.getProviders({ metadataKey: Source.KEY });
    return providers.map(({ instance }) => instance as AuditNamesSource);
  }
}
