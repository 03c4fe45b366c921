import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { mergeHintOf } from '@countersign/applications';
import { Clock, DAY } from '@countersign/runtime';
import { LostRace } from '@countersign/database';
import { ClaimsRepository } from './claims.repository';
import { IdentityEntity } from '../store/identity.entity';
import { IdentitiesRepository, type OwnIdentity, type SharedPhone } from '../store/identities.repository';
import { strongestOf, type Assurance, hasLevel, type AccountLevel } from '../assurance';
import { claimWithin, type Attachment } from '../store/identity-values';
import { SEPARATION_DAYS } from '../installation';
import { restrictProfile } from '../store/profile-sealing';
import type { IdentityClaim, LockedUser, ProfileField } from '../user';
import { identityError } from '../user.errors';
import { IdentityListeners, type AnnouncedIdentity } from './on-identity-change';

interface LinkedIdentity {
  readonly identityId: string;
  readonly isNew: boolean;
  readonly cap: Assurance;
}

type Arrival = Pick<IdentityEntity, 'id' | 'attachedAt' | 'attachedBy' | 'separableUntil'>;

@Injectable()
export class IdentitiesService {
  constructor(
    private readonly claims: ClaimsRepository,
    private readonly identities: IdentitiesRepository,
    private readonly listeners: IdentityListeners,
    private readonly clock: Clock,
  ) {}

  /**
   * Links the identity of a claim. Linking an own identity again may raise its cap, never lower it.
   */
  async link(
    tx: EntityManager,
    user: LockedUser,
    claim: IdentityClaim,
    needed: ReadonlySet<ProfileField>,
    attachment: Attachment,
  ): Promise<LinkedIdentity> {
    const owner = await this.claims.findByClaim(tx, claim);
    if (owner && owner.userId !== user.userId)
      throw identityError('identity.belongs_to_another', mergeHintOf(claim.provider));
    if (owner) {
      await this.assertProves(tx, user, owner.identityId, claim);
      await this.claims.completeDigests(tx, owner.identityId, claim);
      const cap = strongestOf(owner.cap, attachment.cap);
      if (cap !== owner.cap) await setCap(tx, owner.identityId, cap);
      for (const listener of this.listeners.of(claim.provider))
        await listener.onProven(tx, { ...claim, id: owner.identityId }, user, claim);
      return { identityId: owner.identityId, isNew: false, cap };
    }
    const profile = restrictProfile({ ...claim.hints, ...claim.profile }, needed);
    const now = this.clock.now();
    const separableUntil = new Date(now.getTime() + SEPARATION_DAYS * DAY);
    const identityId = await this.identities.insertIdentityIfFirst(
      tx,
      user,
      claimWithin(claim, needed),
      profile,
      { ...attachment, at: now, separableUntil },
    );
    if (identityId === null) throw new LostRace();
    for (const listener of this.listeners.of(claim.provider))
      await listener.onAttached(tx, { ...claim, id: identityId }, user, claim);
    return { identityId, isNew: true, cap: attachment.cap };
  }

  /** Lets other modules add their events about a new identity, behind the events that are there already. */
  async announce(tx: EntityManager, announced: AnnouncedIdentity): Promise<void> {
    for (const listener of this.listeners.of(announced.provider)) await listener.onAnnounced(tx, announced);
  }

  async assertProves(
    tx: EntityManager,
    owner: LockedUser,
    identityId: string,
    claim: IdentityClaim,
  ): Promise<void> {
    for (const listener of this.listeners.of(claim.provider)) {
      const refusal = await listener.refusalOf(tx, identityId, owner, claim);
      if (refusal) throw refusal;
    }
  }

  /**
   * Requires that another identity reaches the account's level.
   * @returns the ids of the other identities at this level
   */
  async assertRemovable(
    tx: EntityManager,
    user: LockedUser,
    identityId: string,
    level: AccountLevel,
  ): Promise<readonly string[]> {
    const others = await this.assertNotAlone(tx, user, identityId);
    const atLevel = others.filter((other) => hasLevel(other, level));
    if (atLevel.length === 0) throw identityError('identity.last_at_level');
    return atLevel.map(({ id }) => id);
  }

  /** @returns the user's other identities. */
  async assertNotAlone(
    tx: EntityManager,
    { userId }: LockedUser,
    identityId: string,
  ): Promise<readonly OwnIdentity[]> {
    const identities = await this.identities.listOf(tx, userId);
    const others = identities.filter(({ id }) => id !== identityId);
    if (others.length === identities.length) throw identityError('identity.not_found');
    if (others.length === 0) throw identityError('identity.last_one');
    return others;
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly OwnIdentity[]> {
    return this.identities.listOf(manager, userId);
  }

  async arrivalsOf(manager: EntityManager, userId: string): Promise<readonly Arrival[]> {
    return manager.find(IdentityEntity, {
      select: { id: true, attachedAt: true, attachedBy: true, separableUntil: true },
      where: { userId },
      order: { id: 'DESC' },
    });
  }

  async attach(
    tx: EntityManager,
    owner: LockedUser,
    identityId: string,
    attachment: Attachment,
  ): Promise<void> {
    await this.identities.setAttachment(tx, owner, identityId, attachment, this.clock.now());
  }

  /** Removes the cap: from now on the identity opens sessions with the full assurance of its proofs. */
  async confirm(tx: EntityManager, identityId: string): Promise<void> {
    await setCap(tx, identityId, 'platform');
  }

  /** @param actor as in the audit trail */
  async remove(
    tx: EntityManager,
    owner: LockedUser,
    { id, provider }: Pick<OwnIdentity, 'id' | 'provider'>,
    actor: string,
  ): Promise<void> {
    for (const listener of this.listeners.of(provider)) await listener.onRemoving(tx, id, owner, actor);
    await tx.delete(IdentityEntity, { id, userId: owner.userId });
  }

  /**
   * Stores the phone number of an identity, unless a later number, or one that the platform signed, is known.
   * @param phone if `isConfirmed` (the person has just proven the identity), it replaces any number that is not newer
   * @returns whether the number was stored
   */
  async setPhoneNumber(
    tx: EntityManager,
    { dataKey }: LockedUser,
    identityId: string,
    phone: SharedPhone,
  ): Promise<boolean> {
    return this.identities.setPhoneNumber(tx, { identityId, dataKey }, phone, this.clock.now());
  }
}

async function setCap(tx: EntityManager, id: string, cap: Assurance): Promise<void> {
  await tx.update(IdentityEntity, { id }, { cap });
}
