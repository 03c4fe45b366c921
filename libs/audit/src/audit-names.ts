import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** A module that knows by which names records of the audit trail refer to a person. */
export interface AuditNamesSource {
  /** Actors and subjects; none for an unknown person. */
  namesOf(manager: EntityManager, userId: string): Promise<readonly string[]>;
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
    for (const { instance } of this.discovery.getProviders({ metadataKey: Source.KEY }))
      names.push(...(await (instance as AuditNamesSource).namesOf(manager, userId)));
    return names;
  }
}
