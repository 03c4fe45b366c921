import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NamesPeople, personActor, type AuditNamesSource } from '@countersign/audit';
import { IdentityEntity } from '../store/identity.entity';
import { UsersRepository } from '../store/users.repository';

/** The pseudonym of a person, and their identities. Of a merged account, those of the surviving one. */
@Injectable()
@NamesPeople()
export class UsersInAudit implements AuditNamesSource {
  constructor(private readonly users: UsersRepository) {}

  async namesOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const currentId = await this.users.resolveId(manager, userId);
    const found = await this.users.findSecrets(manager, currentId);
    if (!found) return [];
    const identities = await manager.find(IdentityEntity, {
      select: { id: true },
      where: { userId: currentId },
    });
    return [personActor(found.auditPseudonym), ...identities.map(({ id }) => id)];
  }
}
