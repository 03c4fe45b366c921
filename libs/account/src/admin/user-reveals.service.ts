import { Injectable } from '@nestjs/common';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { ownFields, ProfileFields, type OwnField } from '@countersign/profiles';
import {
  identityError,
  IdentityFields,
  identityFields,
  UsersService,
  type OpenedIdentity,
} from '@countersign/users';
import { peopleError } from './people.errors';
import { UserRevealsRepository } from './user-reveals.repository';

const ofIdentities = identityFields.map((field) => `identity.${field}` as const);
const ofProfiles = ownFields.map((field) => `profile.${field}` as const);

/** The personal fields that an operator can read. */
export const revealedFields = [...ofIdentities, ...ofProfiles] as const;
export type RevealedField = (typeof revealedFields)[number];

/** What an operator wants to read, and why. */
export interface WantedReveal {
  /** Restricts fields of identities to this one. */
  readonly identityId: string | null;
  readonly fields: readonly RevealedField[];
  /** A word or the number of a request, for the audit trail. */
  readonly reason: string;
}

export interface Reveal {
  readonly userId: string;
  /** Empty where no field of identities is wanted. */
  readonly identities: readonly OpenedIdentity[];
  /** The wanted own fields. */
  readonly profile: Readonly<Partial<Record<OwnField, string | null>>>;
}

/** Shows operators personal fields of one account. */
@Injectable()
export class UserReveals {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentityFields,
    private readonly profiles: ProfileFields,
    private readonly reveals: UserRevealsRepository,
    private readonly configuration: Configuration,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * The record of the audit trail is committed before anything is opened.
   * @param userId for the id of a merged account the surviving one is read
   * @throws AppError user.not_found, identity.not_found, user.reveal_ceiling_reached
   */
  async reveal(userId: string, wanted: WantedReveal): Promise<Reveal> {
    const currentId = await this.users.resolveId(userId);
    const fields = revealedFields.filter((field) => wanted.fields.includes(field));
    await this.record(currentId, { ...wanted, fields });
    return this.open(currentId, { ...wanted, fields });
  }

  private async record(userId: string, { identityId, fields, reason }: WantedReveal): Promise<void> {
    const actor = operator();
    const now = this.clock.now();
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      if (identityId !== null && !(await this.identities.has(tx, userId, identityId)))
        throw identityError('identity.not_found');
      const day = now.toISOString().slice(0, 'yyyy-mm-dd'.length);
      if (!(await this.reveals.count(tx, actor, day, this.configuration.revealsPerDay)))
        throw peopleError('user.reveal_ceiling_reached', {
          retryAfterSeconds: Math.ceil((DAY - (now.getTime() % DAY)) / 1_000),
        });
      await this.audit.record(tx, 'user.revealed', {
        actor,
        subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
        details: { fields: fields.join(' '), reason, ...(identityId === null ? {} : { identityId }) },
      });
    });
  }

  private async open(userId: string, { identityId, fields }: WantedReveal): Promise<Reveal> {
    const wantedOfIdentities = identityFields.filter((field) => fields.includes(`identity.${field}`));
    const wantedOfProfile = ownFields.filter((field) => fields.includes(`profile.${field}`));
    return this.database.read(async (manager) => {
      const owner = { userId, dataKey: await this.users.getDataKey(userId, manager), identityId };
      return {
        userId,
        identities:
          wantedOfIdentities.length === 0
            ? []
            : await this.identities.open(manager, owner, wantedOfIdentities),
        profile: await this.profiles.open(manager, owner, wantedOfProfile),
      };
    });
  }
}
