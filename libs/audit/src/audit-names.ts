import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** A module that knows by which names records of the audit trail refer to a person. */
export interface AuditNamesSource {
  /** Actors and subjects; none for an unknown person. */
  namesOf(manager: EntityManager, userId: string): Promise<readonly string[]>;
  /** Of the module that knows them: the actors of people, by user id. */
  actorsOf?(manager: EntityManager, userIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const Source = DiscoveryService.createDecorator<true>();

/** Registers a provider: the modules that know people stand above this one. */
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
