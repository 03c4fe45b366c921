import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import {
  identityError,
  IdentityFields,
  identityFields,
  UsersService,
  type OpenedIdentity,
} from '@countersign/users';
import { revealedFields, RevealsFields, type WantedReveal } from './revealed-fields';

interface Reveal {
  readonly userId: string;
  /** Empty where no field of identities is wanted. */
  readonly identities: readonly OpenedIdentity[];
  /** The wanted own fields. */
  readonly profile: Readonly<Record<string, string | null>>;
}

/** Shows operators personal fields of one account. */
@Injectable()
export class UserReveals {
  private readonly others;

  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentityFields,
    private readonly audit: AuditService,
    discovery: DiscoveryService,
  ) {
    this.others = RevealsFields.in(discovery);
  }

  /**
   * The record of the audit trail is committed before anything is opened.
   * @param userId for the id of a merged account the surviving one is read
   * @throws AppError user.not_found, identity.not_found
   */
  async reveal(userId: string, wanted: WantedReveal): Promise<Reveal> {
    const currentId = await this.users.resolveId(userId);
    const fields = revealedFields.filter((field) => wanted.fields.includes(field));
    await this.record(currentId, { ...wanted, fields });
    return this.open(currentId, { ...wanted, fields });
  }

  private async record(userId: string, wanted: WantedReveal): Promise<void> {
    await this.database.transaction((tx) => this.recordIn(tx, userId, wanted));
  }

  private async recordIn(tx: EntityManager, userId: string, wanted: WantedReveal): Promise<void> {
    const { identityId, fields, reason } = wanted;
    await this.users.lock(tx, userId);
    if (identityId !== null && !(await this.identities.has(tx, userId, identityId)))
      throw identityError('identity.not_found');
    const actor = operator();
    await this.audit.record(tx, 'user.revealed', {
      actor,
      subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
      details: {
        fields: fields.join(' '),
        reason,
        ...(identityId === null ? {} : { identityId }),
      },
      event: { userId, actor, fields: fields.join(' ') },
    });
  }

  private async open(userId: string, { identityId, fields }: WantedReveal): Promise<Reveal> {
    const wantedOfIdentities = identityFields.filter((field) => fields.includes(`identity.${field}`));
    const wantedOfProfile = fields.flatMap((field) => /^profile\.(.*)/.exec(field)?.[1] ?? []);
    return this.database.read(async (manager) => {
      const owner = { userId, dataKey: await this.users.getDataKey(userId, manager), identityId };
      const profile: Record<string, string | null> = {};
      for (const other of this.others.all)
        Object.assign(profile, await other.open(manager, owner, wantedOfProfile));
      return {
        userId,
        identities:
          wantedOfIdentities.length === 0
            ? []
            : await this.identities.open(manager, owner, wantedOfIdentities),
        profile,
      };
    });
  }
}
