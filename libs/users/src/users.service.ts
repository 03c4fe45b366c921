import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DataKey } from '@countersign/crypto';
import { Clock } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { IdentitiesRepository } from './identities.repository';
import { claimWithin } from './identity-values';
import { restrictProfile } from './profile-sealing';
import { profileUpdateBy } from './profile-update';
import type {
  FoundUser,
  IdentityClaim,
  IdentityKey,
  KnownPerson,
  ProfileField,
  User,
  UserStatus,
} from './user';
import { userError } from './user.errors';
import { UsersRepository, type LockedIdentity } from './users.repository';

@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly identities: IdentitiesRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * The user of a claim, created when nobody has the identity yet, and locked until the transaction ends.
   * Only the profile fields in `needed` are stored; nothing is written when they have not changed.
   * The first statement goes out at once.
   */
  async findOrCreate(
    tx: EntityManager,
    claim: IdentityClaim,
    needed: ReadonlySet<ProfileField>,
  ): Promise<FoundUser> {
    const known = await this.users.lockByClaim(tx, claim);
    if (known) return this.refresh(tx, known, claim, needed);

    const now = this.clock.now();
    const profile = restrictProfile({ ...claim.hints, ...claim.profile }, needed);
    const created = await this.users.insertIfFirst(tx, claimWithin(claim, needed), profile, now);
    if (created) {
      if (claim.alias) await this.identities.putAlias(tx, created, claim.alias, now);
      return created;
    }

    // Somebody else was first. Whoever waited for their user here would hold what others, who have it, wait for.
    throw new LostRace();
  }

  /** @throws AppError user.not_found */
  async getById(userId: string, tx?: EntityManager): Promise<User> {
    const found = tx
      ? await this.users.findById(tx, userId)
      : await this.database.read((manager) => this.users.findById(manager, userId));
    if (!found) throw userError('user.not_found');
    return found;
  }

  /** Who has the identity, or null when nobody has. */
  async findByClaim(claim: IdentityKey, tx?: EntityManager): Promise<KnownPerson | null> {
    if (tx) return this.users.findByClaim(tx, claim);
    return this.database.read((manager) => this.users.findByClaim(manager, claim));
  }

  /** The id that an account has now: one that was merged answers to the account that it was merged into. */
  async resolveId(userId: string, tx?: EntityManager): Promise<string> {
    if (tx) return this.users.resolveId(tx, userId);
    return this.database.read((manager) => this.users.resolveId(manager, userId));
  }

  /** Proofs made before `at` count for nothing from now on where they are shown per request. */
  async setAuthNotBefore(tx: EntityManager, userId: string, at: Date): Promise<void> {
    await this.users.setAuthNotBefore(tx, userId, at);
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
    const now = this.clock.now();
    if (claim.alias) await this.identities.putAlias(tx, known, claim.alias, now);
    const update = profileUpdateBy(claim, known, needed);
    if (update) await this.users.updateProfile(tx, known, update, now);
    return known;
  }
}
