import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';

/** Names of people in the audit trail, from a module that imports this one. */
export interface AuditNamesSource {
  /** The person's names as actor or subject; none for an unknown person. */
  namesOf(manager: EntityManager, userId: string): Promise<readonly string[]>;
}

export const NamesPeople = extensionPoint<AuditNamesSource>();

@Injectable()
export class AuditNames {
  private readonly sources;

  constructor(discovery: DiscoveryService) {
    this.sources = NamesPeople.in(discovery);
  }

  async of(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (const source of this.sources.all) names.push(...(await source.namesOf(manager, userId)));
    return names;
  }
}
