import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Clock, DAY, utcDayOf } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import type { AppError } from '@countersign/errors';
import { ownFields, ProfileFields, type OwnField } from '@countersign/profiles';
import {
  identityError,
  IdentityFields,
  identityFields,
  InstallationRepository,
  UsersService,
  type OpenedIdentity,
} from '@countersign/users';
import { peopleError } from '../people.errors';
import { revealedFields, type WantedReveal } from './revealed-fields';
import { RevealRequests } from './reveal-requests.service';
import { UserRevealsRepository } from './user-reveals.repository';

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
    private readonly requests: RevealRequests,
    private readonly installation: InstallationRepository,
    private readonly configuration: Configuration,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * The record of the audit trail is committed before anything is opened.
   * @param userId for the id of a merged account the surviving one is read
   * @throws AppError user.not_found, identity.not_found, user.reveal_ceiling_reached, user.reveal_approval_pending,
   * user.reveal_declined, user.reveal_not_independent
   */
  async reveal(userId: string, wanted: WantedReveal): Promise<Reveal> {
    const currentId = await this.users.resolveId(userId);
    const fields = revealedFields.filter((field) => wanted.fields.includes(field));
    await this.record(currentId, { ...wanted, fields });
    return this.open(currentId, { ...wanted, fields });
  }

  private async record(userId: string, wanted: WantedReveal): Promise<void> {
    await this.audit.prepare();
    const refusal = await this.database.transaction((tx) => this.recordIn(tx, userId, wanted));
    // After the commit: a new request is stored.
    if (refusal) throw refusal;
  }

  private async recordIn(tx: EntityManager, userId: string, wanted: WantedReveal): Promise<AppError | null> {
    const { identityId, fields, reason } = wanted;
    await this.users.lock(tx, userId);
    if (identityId !== null && !(await this.identities.has(tx, userId, identityId)))
      throw identityError('identity.not_found');
    const { revealApproval } = await this.installation.read(tx);
    const needsApproval = revealApproval === 'second-principal';
    if (!needsApproval) await this.count(tx);
    const permission = needsApproval
      ? await this.requests.use(tx, userId, { ...wanted, act: 'reveal' }, () => this.count(tx))
      : null;
    if (permission && 'refusal' in permission) return permission.refusal;
    await this.audit.record(tx, 'user.revealed', {
      actor: operator(),
      subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
      details: {
        fields: fields.join(' '),
        reason,
        ...(identityId === null ? {} : { identityId }),
        ...(permission ? { revealRequestId: permission.revealRequestId } : {}),
      },
    });
    return null;
  }

  private async count(tx: EntityManager): Promise<void> {
    const now = this.clock.now();
    const day = utcDayOf(now);
    if (!(await this.reveals.count(tx, operator(), day, this.configuration.revealsPerDay)))
      throw peopleError('user.reveal_ceiling_reached', {
        retryAfterSeconds: Math.ceil((DAY - (now.getTime() % DAY)) / 1_000),
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
