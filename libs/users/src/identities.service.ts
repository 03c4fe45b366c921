import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { LostRace } from '@countersign/database';
import { IdentitiesRepository } from './identities.repository';
import { claimWithin } from './identity-values';
import { restrictProfile } from './profile-sealing';
import type { IdentityClaim, ProfileField } from './user';
import { identityError, userError } from './user.errors';
import { UsersRepository } from './users.repository';

export interface LinkedIdentity {
  readonly identityId: string;
  readonly isNew: boolean;
}

/** Which identities a user has. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly users: UsersRepository,
    private readonly identities: IdentitiesRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives a user the identity of a claim. Locks the user.
   * @throws AppError identity.belongs_to_another, user.not_found
   */
  async link(
    tx: EntityManager,
    userId: string,
    claim: IdentityClaim,
    needed: ReadonlySet<ProfileField>,
  ): Promise<LinkedIdentity> {
    if (!(await this.users.lockById(tx, userId))) throw userError('user.not_found');
    const dataKey = await this.users.findDataKey(tx, userId);
    if (!dataKey) throw userError('user.not_found');
    const owner = await this.users.findByClaim(tx, claim);
    if (owner && owner.userId !== userId) throw identityError('identity.belongs_to_another');
    if (owner) {
      await this.users.completeDigests(tx, owner.identityId, claim);
      return { identityId: owner.identityId, isNew: false };
    }
    const profile = restrictProfile({ ...claim.hints, ...claim.profile }, needed);
    const now = this.clock.now();
    const identityId = await this.identities.insertIdentityIfFirst(
      tx,
      { userId, dataKey },
      claimWithin(claim, needed),
      profile,
      now,
    );
    if (identityId === null) throw new LostRace();
    if (claim.alias) await this.identities.putAlias(tx, { identityId, dataKey }, claim.alias, now);
    return { identityId, isNew: true };
  }

  /**
   * The caller has locked the user.
   * @throws AppError identity.not_found, identity.last_one
   */
  async assertRemovable(tx: EntityManager, userId: string, identityId: string): Promise<void> {
    const ids = await this.identities.idsOf(tx, userId);
    if (!ids.includes(identityId)) throw identityError('identity.not_found');
    if (ids.length === 1) throw identityError('identity.last_one');
  }

  /** Takes an identity from its user. The caller has ended the sessions that it opened. */
  async remove(tx: EntityManager, identityId: string): Promise<void> {
    await this.identities.delete(tx, identityId);
  }

  /** Keeps the phone number of an identity, unless a later one is known. @returns whether it did. */
  async setPhoneNumber(
    tx: EntityManager,
    { userId, identityId }: { readonly userId: string; readonly identityId: string },
    phoneNumber: string,
    madeAt: Date,
  ): Promise<boolean> {
    const dataKey = await this.users.findDataKey(tx, userId);
    if (!dataKey) throw userError('user.not_found');
    return this.identities.setPhoneNumber(tx, { identityId, dataKey }, phoneNumber, madeAt, this.clock.now());
  }
}
