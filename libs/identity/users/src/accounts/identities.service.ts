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
import type { IdentityClaim, ProfileField } from '../user';
import { identityError } from '../user.errors';
import { UsersRepository } from '../store/users.repository';
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
    private readonly users: UsersRepository,
    private readonly claims: ClaimsRepository,
    private readonly identities: IdentitiesRepository,
    private readonly listeners: IdentityListeners,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives a user the identity of a claim. Linking one's own again may raise its cap, and never lowers it.
   * Locks the user.
   * @throws AppError identity.belongs_to_another, user.not_found
   */
  async link(
    tx: EntityManager,
    userId: string,
    claim: IdentityClaim,
    needed: ReadonlySet<ProfileField>,
    attachment: Attachment,
  ): Promise<LinkedIdentity> {
    await this.users.lockById(tx, userId);
    const dataKey = await this.users.getDataKey(tx, userId);
    const owner = await this.claims.findByClaim(tx, claim);
    if (owner && owner.userId !== userId)
      throw identityError('identity.belongs_to_another', mergeHintOf(claim.provider));
    if (owner) {
      await this.assertProves(tx, owner.identityId, claim);
      await this.claims.completeDigests(tx, owner.identityId, claim);
      const cap = strongestOf(owner.cap, attachment.cap);
      if (cap !== owner.cap) await setCap(tx, owner.identityId, cap);
      for (const listener of this.listeners.of(claim.provider))
        await listener.onProven(tx, { ...claim, id: owner.identityId }, { userId, dataKey }, claim);
      return { identityId: owner.identityId, isNew: false, cap };
    }
    const profile = restrictProfile({ ...claim.hints, ...claim.profile }, needed);
    const now = this.clock.now();
    const separableUntil = new Date(now.getTime() + SEPARATION_DAYS * DAY);
    const identityId = await this.identities.insertIdentityIfFirst(
      tx,
      { userId, dataKey },
      claimWithin(claim, needed),
      profile,
      { ...attachment, at: now, separableUntil },
    );
    if (identityId === null) throw new LostRace();
    for (const listener of this.listeners.of(claim.provider))
      await listener.onAttached(tx, { ...claim, id: identityId }, { userId, dataKey }, claim);
    return { identityId, isNew: true, cap: attachment.cap };
  }

  /**
   * Call it once the event about a new identity, or about its new account, is added: other modules that store something
   * beside it add theirs.
   */
  async announce(tx: EntityManager, announced: AnnouncedIdentity): Promise<void> {
    for (const listener of this.listeners.of(announced.provider)) await listener.onAnnounced(tx, announced);
  }

  /**
   * A proof of the identity is presented for an act. The caller has locked the owner.
   * @throws AppError of the module that knows why it does not count for the account
   */
  async assertProves(tx: EntityManager, identityId: string, claim: IdentityClaim): Promise<void> {
    for (const listener of this.listeners.of(claim.provider)) {
      const refusal = await listener.refusalOf(tx, identityId, claim);
      if (refusal) throw refusal;
    }
  }

  /**
   * An identity that reaches the account's level has to remain. The caller has locked the user.
   * @returns the ids of those
   * @throws AppError identity.not_found, identity.last_one, identity.last_at_level
   */
  async assertRemovable(
    tx: EntityManager,
    userId: string,
    identityId: string,
    level: AccountLevel,
  ): Promise<readonly string[]> {
    const others = await this.assertNotAlone(tx, userId, identityId);
    const atLevel = others.filter((other) => hasLevel(other, level));
    if (atLevel.length === 0) throw identityError('identity.last_at_level');
    return atLevel.map(({ id }) => id);
  }

  /** @returns the user's others. @throws AppError identity.not_found, identity.last_one */
  async assertNotAlone(
    tx: EntityManager,
    userId: string,
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

  /** How the identities of the account came to it, newest first. */
  async arrivalsOf(manager: EntityManager, userId: string): Promise<readonly Arrival[]> {
    return manager.find(IdentityEntity, {
      select: { id: true, attachedAt: true, attachedBy: true, separableUntil: true },
      where: { userId },
      order: { id: 'DESC' },
    });
  }

  async attach(tx: EntityManager, identityId: string, attachment: Attachment): Promise<void> {
    await this.identities.setAttachment(tx, identityId, attachment, this.clock.now());
  }

  /** Removes the cap: from now on the identity opens sessions of its proofs' full assurance. */
  async confirm(tx: EntityManager, identityId: string): Promise<void> {
    await setCap(tx, identityId, 'platform');
  }

  /**
   * Takes an identity from its user, who is locked. The caller has ended the sessions that it opened.
   * @param actor who does it, as in the audit trail
   */
  async remove(
    tx: EntityManager,
    userId: string,
    { id, provider }: Pick<OwnIdentity, 'id' | 'provider'>,
    actor: string,
  ): Promise<void> {
    for (const listener of this.listeners.of(provider)) await listener.onRemoving(tx, id, actor);
    await tx.delete(IdentityEntity, { id });
  }

  /**
   * Stores the phone number of an identity, unless a later one is known, or one that the platform signed.
   * @param phone `isConfirmed`: its person has just proven their identity, so it replaces any number that is
   * not newer
   * @returns whether it did.
   */
  async setPhoneNumber(
    tx: EntityManager,
    { userId, identityId }: { readonly userId: string; readonly identityId: string },
    phone: SharedPhone,
  ): Promise<boolean> {
    const dataKey = await this.users.getDataKey(tx, userId);
    return this.identities.setPhoneNumber(tx, { identityId, dataKey }, phone, this.clock.now());
  }
}

async function setCap(tx: EntityManager, id: string, cap: Assurance): Promise<void> {
  await tx.update(IdentityEntity, { id }, { cap });
}
