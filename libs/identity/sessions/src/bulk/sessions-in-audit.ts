import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NamesPeople, type AuditNamesSource } from '@countersign/audit';
import { UsersService } from '@countersign/users';
import { SessionsService } from '../sessions.service';

/** The sessions of a person, as subjects and as actors. */
@Injectable()
@NamesPeople()
export class SessionsInAudit implements AuditNamesSource {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  async namesOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const currentId = await this.users.resolveId(userId, manager);
    const ids = await this.sessions.idsOf(manager, currentId);
    return ids.flatMap((id) => [id, `session:${id}`]);
  }
}
