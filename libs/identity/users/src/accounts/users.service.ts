import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import type { DataKey } from '@countersign/crypto';
import { Clock, utcDayOf } from '@countersign/runtime';
import { Database, LostRace, waitsForLocks, type RowOf } from '@countersign/database';
import { type LockedIdentity, profileUpdateBy, newUserOf, unchanged, type WantedUser } from './wanted-user';
import { ClaimsRepository } from './claims.repository';
import { IdentitiesRepository } from '../store/identities.repository';
import { IdentityListeners } from './on-identity-change';
import type { FoundUser, KnownPerson, LockedUser, PresentedKey, User, UserStatus } from '../user';
import { IdentityEntity } from '../store/identity.entity';
import type { SEEN } from '../store/users.sql';
import { UserEntity } from '../store/user.entity';
import { noSuchUser, userError } from '../user.errors';
import { UsersRepository } from '../store/users.repository';

interface Visit {
  readonly user: Pick<KnownPerson, 'userId' | 'lastSeenOn'>;
  readonly applicationId: string;
}

type VisitOfLocked = Visit & { readonly user: LockedUser };

@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly claims: ClaimsRepository,
    private readonly identities: IdentitiesRepository,
    private readonly listeners: IdentityListeners,
    private readonly clock: Clock,
  ) {}

  /**
   * Finds or creates the users of claims, and locks them until the transaction ends. It stores only the profile fields
   * in `needed`, and writes nothing if they have not changed.
   * @returns the users. A transaction that skips locked rows also skips known users that have to change, and users of
   * whom another module stores data beside the identity; then no user occurs twice.
   */
  async findOrCreate<W extends WantedUser>(
    tx: EntityManager,
    wanted: readonly W[],
  ): Promise<ReadonlyMap<W, FoundUser>> {
    const waits = waitsForLocks(tx);
    const plain = waits
      ? wanted
      : wanted.filter(({ claim }) => this.listeners.of(claim.provider).length === 0);
    const known = await this.claims.lock(tx, plain);
    const strangers = plain.filter((person) => !known.has(person)).map(newUserOf);
    const created = await this.claims.insertIfFirst(tx, strangers, this.clock.now());
    const made = new Map(Array.from(created, ([{ wanted: person }, user]) => [person, user]));
    const users = new Map<W, FoundUser>();
    for (const person of plain) {
      const identity = known.get(person) ?? null;
      const user = waits
        ? await this.refreshOrAttach(tx, person, identity, made.get(person) ?? null)
        : identity
          ? unchanged(identity, person)
          : made.get(person);
      if (user && ![...users.values()].some(({ userId }) => userId === user.userId)) users.set(person, user);
    }
    return users;
  }

  private async refreshOrAttach(
    tx: EntityManager,
    wanted: WantedUser,
    known: LockedIdentity | null,
    created: FoundUser | null,
  ): Promise<FoundUser> {
    const { claim, needed } = wanted;
    if (created) {
      for (const listener of this.listeners.of(claim.provider))
        await listener.onAttached(tx, { ...claim, id: created.identityId }, created, claim);
      return created;
    }
    // Another request was faster to create it.
    const identity = known ?? (await this.claims.lock(tx, [wanted])).get(wanted);
    if (!identity) throw new LostRace();
    if (identity.status !== 'active') throw userError('user.deactivated');
    const { identityId, missingDigests } = identity;
    if (missingDigests.length > 0) await this.claims.insertDigests(tx, identityId, missingDigests);
    const update = profileUpdateBy(claim, identity, needed);
    if (update) await this.identities.updateProfiles(tx, [{ ...identity, update }], this.clock.now());
    let isDoubtful = false;
    for (const listener of this.listeners.of(claim.provider))
      if (!(await listener.onProven(tx, { ...claim, id: identityId }, identity, claim))) isDoubtful = true;
    return { ...identity, isDoubtful };
  }

  /** Removes users that the same transaction has created. No row may refer to them. */
  async unmake(tx: EntityManager, users: readonly FoundUser[]): Promise<void> {
    if (users.length === 0) return;
    await tx.delete(IdentityEntity, { id: Any(users.map(({ identityId }) => identityId)) });
    await tx.delete(UserEntity, { id: Any(users.map(({ userId }) => userId)) });
  }

  async getById(userId: string, tx?: EntityManager): Promise<User> {
    const found = await this.database.read((manager) => this.users.findById(manager, userId), tx);
    if (!found) throw noSuchUser(userId);
    return found;
  }

  async findByClaim(claim: PresentedKey, tx?: EntityManager): Promise<KnownPerson | null> {
    return this.database.read((manager) => this.claims.findByClaim(manager, claim), tx);
  }

  /** The instant from which proofs of an identity count, even if no account has it. */
  async notBeforeOf(claim: PresentedKey, tx?: EntityManager): Promise<Date | null> {
    return this.database.read(async (manager) => {
      const known = await this.claims.findByClaim(manager, claim);
      return known ? known.authNotBefore : this.claims.proofsNotBefore(manager);
    }, tx);
  }

  async resolveId(userId: string, tx?: EntityManager): Promise<string> {
    return this.database.read((manager) => this.users.resolveId(manager, userId), tx);
  }

  /** An irreversible act must not follow an id into another account. */
  async assertNotMerged(userId: string): Promise<void> {
    const mergedInto = await this.resolveId(userId);
    if (mergedInto !== userId) throw userError('user.merged_into_another', { members: { mergedInto } });
  }

  /** Records that the platform itself has identified the person of an account. */
  async setProven(tx: EntityManager, user: LockedUser): Promise<void> {
    await tx.update(UserEntity, { id: user.userId }, { platformProvenAt: this.clock.now() });
  }

  /** Records a first visit of today to an application. */
  async noteSeen(tx: EntityManager, visits: readonly VisitOfLocked[]): Promise<void> {
    const today = this.today();
    const unknown = visits.filter(({ user }) => user.lastSeenOn === null || user.lastSeenOn < today);
    if (unknown.length === 0) return;
    const seen = unknown.map(({ user: { userId }, applicationId }) => ({ userId, applicationId }));
    await this.claims.noteSeen(tx, seen, today);
  }

  async findVisited(
    manager: EntityManager,
    visits: readonly RowOf<typeof SEEN>[],
  ): Promise<ReadonlySet<string>> {
    return visits.length === 0 ? new Set() : this.claims.findVisited(manager, visits);
  }

  /** Runs `noteSeen` in its own transaction, or does nothing if the day is known. */
  async noteVisit(visit: Visit): Promise<void> {
    const { userId, lastSeenOn } = visit.user;
    if (lastSeenOn !== null && lastSeenOn >= this.today()) return;
    await this.database.transaction(async (tx) => {
      if (!(await this.users.lockById(tx, userId))) return;
      await this.claims.noteSeen(tx, [{ userId, applicationId: visit.applicationId }], this.today());
    });
  }

  /** Does the same as `noteSeen`, for users whom the application knows. It needs no lock and waits for none. */
  async noteReturned(tx: EntityManager, visits: readonly RowOf<typeof SEEN>[]): Promise<void> {
    if (visits.length > 0) await this.claims.noteReturned(tx, visits, this.today());
  }

  /** Invalidates proofs for one application that were made before now. */
  async setNotBeforeIn(tx: EntityManager, visit: RowOf<typeof SEEN>, proofs: 'all' | 'weak'): Promise<void> {
    await this.users.setNotBeforeIn(tx, visit, proofs, { day: this.today(), at: this.clock.now() });
  }

  private today(): string {
    return utcDayOf(this.clock.now());
  }

  /** Invalidates proofs that were made before now. */
  async setAuthNotBefore(tx: EntityManager, ...userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await this.users.setAuthNotBefore(tx, userIds, this.clock.now());
  }

  async getDataKey(userId: string, tx?: EntityManager): Promise<DataKey> {
    return this.database.read((manager) => this.users.getDataKey(manager, userId), tx);
  }

  /** This also works if the user's data key cannot be opened. */
  async getAuditPseudonym(manager: EntityManager, userId: string): Promise<string> {
    const found = await this.users.findSecrets(manager, userId);
    if (!found) throw noSuchUser(userId);
    return found.auditPseudonym;
  }

  async noteProfile(tx: EntityManager, user: LockedUser): Promise<void> {
    await tx.update(UserEntity, { id: user.userId }, { hasProfile: true });
  }

  /** Waits for sign-ins in progress, and blocks new ones until the transaction ends. */
  async lock(tx: EntityManager, userId: string): Promise<LockedUser> {
    const user = await this.users.lockById(tx, userId);
    if (!user) throw noSuchUser(userId);
    return user;
  }

  /** Like `lock`. @returns null if the account is gone */
  async lockIfThere(tx: EntityManager, userId: string): Promise<LockedUser | null> {
    return this.users.lockById(tx, userId);
  }

  async setStatus(tx: EntityManager, user: LockedUser, status: UserStatus): Promise<void> {
    await tx.update(UserEntity, { id: user.userId }, { status, updatedAt: this.clock.now() });
  }
}
