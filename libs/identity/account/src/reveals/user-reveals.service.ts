import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { identityFields, openIdentityFields, UsersService } from '@countersign/users';
import type { RevealResponse } from '../admin/dto/identity.dto';
import { revealedFieldsInUse, RevealsFields } from './revealed-fields';
import { accountEvents } from '../account.feature';

@Injectable()
export class UserReveals {
  private readonly others;

  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    discovery: DiscoveryService,
  ) {
    this.others = RevealsFields.in(discovery);
  }

  /** Commits the audit record before it decrypts a field. A merged account's id stands for the surviving one. */
  async reveal(userId: string, wanted: readonly string[], reason: string): Promise<RevealResponse> {
    const currentId = await this.users.resolveId(userId);
    const fields = revealedFieldsInUse.names.filter((field) => wanted.includes(field));
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, currentId);
      const actor = operator();
      await this.audit.record(tx, accountEvents.userRevealed, {
        actor,
        subject: personActor(user.auditPseudonym),
        details: { fields: fields.join(' '), reason },
        event: { userId: currentId, actor, fields: fields.join(' ') },
      });
    });
    const ofIdentities = identityFields.filter((field) => fields.includes(`identity.${field}`));
    const ofProfile = fields.flatMap((field) => /^profile\.(.*)/.exec(field)?.[1] ?? []);
    return this.database.read(async (manager) => {
      const dataKey = await this.users.getDataKey(currentId, manager);
      const owner = { userId: currentId, dataKey };
      const profile: Record<string, string | null> = {};
      for (const other of this.others.all)
        Object.assign(profile, await other.open(manager, owner, ofProfile));
      const identities =
        ofIdentities.length === 0 ? [] : await openIdentityFields(manager, owner, ofIdentities);
      return { userId: currentId, identities, profile };
    });
  }
}
