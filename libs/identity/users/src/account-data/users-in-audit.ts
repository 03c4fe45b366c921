import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NamesPeople, personActor, type AuditNamesSource } from '@countersign/audit';
import { UsersExportRepository } from './users-export.repository';
import { UsersRepository } from '../store/users.repository';

/** The pseudonym of a person, and their identities. Of a merged account, those of the surviving one. */
@Injectable()
@NamesPeople()
export class UsersInAudit implements AuditNamesSource {
  constructor(
    private readonly users: UsersRepository,
    private readonly rows: UsersExportRepository,
  ) {}

  async namesOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const currentId = await this.users.resolveId(manager, userId);
    const pseudonym = await this.users.findAuditPseudonym(manager, currentId);
    if (pseudonym === null) return [];
    const identities = await this.rows.identitiesOf(manager, currentId);
    return [personActor(pseudonym), ...identities.map(({ id }) => id)];
  }
}
