import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DataKey } from '@countersign/crypto';
import { Clock } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { restrictProfile } from './profile-sealing';
import type { FoundUser, IdentityClaim, ProfileField, User, UserStatus } from './user';
import { userError } from './user.errors';
import { UsersRepository, type LockedIdentity } from './users.repository';

@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * The user of a claim, created when nobody has the identity yet, and locked until the transaction ends.
   * Only the profile fields in `needed` are stored; nothing is written when they have not changed.
   */
  async findOrCreate(
    tx: EntityManager,
    claim: IdentityClaim,
    needed: ReadonlySet<ProfileField>,
  ): Promise<FoundUser> {
    const known = await this.users.lockByClaim(tx, claim);
    if (known) return this.refresh(tx, known, claim, needed);

    const restricted = { ...claim, profile: restrictProfile(claim.profile, needed) };
    const created = await this.users.insertIfFirst(tx, restricted, this.clock.now());
    if (created) return created;

    const winner = await this.users.lockByClaim(tx, claim);
    if (!winner) throw new LostRace();
    return this.refresh(tx, winner, claim, needed);
  }

  /** @throws AppError user.not_found */
  async getById(userId: string): Promise<User> {
    const found = await this.database.read((manager) => this.users.findById(manager, userId));
    if (!found) throw userError('user.not_found');
    return found;
  }

  /** Whose identity it is, or null when nobody has it. */
  async findUserIdByClaim(claim: IdentityClaim): Promise<string | null> {
    return this.database.read((manager) => this.users.findUserIdByClaim(manager, claim));
  }

  /** @throws AppError user.not_found */
  async getDataKey(userId: string): Promise<DataKey> {
    const found = await this.database.read((manager) => this.users.findDataKey(manager, userId));
    if (!found) throw userError('user.not_found');
    return found;
  }

  /**
   * Waits for sign-ins of the user that are under way, and lets none begin until the transaction ends.
   * @throws AppError user.not_found
   */
  async lock(tx: EntityManager, userId: string): Promise<void> {
    if (!(await this.users.lockById(tx, userId))) throw userError('user.not_found');
  }

  /** @throws AppError user.not_found */
  async setStatus(
    tx: EntityManager,
    userId: string,
    status: UserStatus,
  ): Promise<{ auditPseudonym: string }> {
    const changed = await this.users.setStatus(tx, userId, status, this.clock.now());
    if (!changed) throw userError('user.not_found');
    return changed;
  }

  private async refresh(
    tx: EntityManager,
    known: LockedIdentity,
    claim: IdentityClaim,
    needed: ReadonlySet<ProfileField>,
  ): Promise<FoundUser> {
    if (known.status === 'deactivated') throw userError('user.deactivated');
    if (known.missingDigests.length > 0)
      await this.users.insertDigests(tx, known.identityId, known.missingDigests);
    if (claim.madeAt < known.profileMadeAt) return known;
    const changes = new Map(
      [...needed]
        .filter((field) => claim.profile[field] !== known.profile[field])
        .map((field) => [field, claim.profile[field]]),
    );
    if (changes.size > 0) await this.users.updateProfile(tx, known, changes, claim.madeAt, this.clock.now());
    return known;
  }
}
