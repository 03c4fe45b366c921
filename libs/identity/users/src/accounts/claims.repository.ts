import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type BlindIndex, createDataKey, KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, locked, rows, waitsForLocks, type RowOf } from '@countersign/database';
import { weakestOf } from '../assurance';
import { digestsOf, throwLostRace } from '../digests/identity-digests';
import { toNewIdentity } from '../store/identity-values';
import { LookupDigestsRepository, type LookedUpState } from '../lookup/lookup-digests.repository';
import { openContent, type IdentityContent } from '../store/profile-sealing';
import { dataKeyAad, openDataKey } from '../store/data-keys';
import {
  FIND_BY_DIGESTS,
  FIND_OWNERS,
  FIND_VISITED,
  INSERT_DIGESTS,
  INSERT_USERS_IF_FIRST,
  LOCK_BY_DIGESTS,
  NOTE_RETURNED,
  NOTE_SEEN,
  PROOFS_NOT_BEFORE,
  READ_NOT_BEFORE,
  type IdentityRow,
  type Visit,
  trustOf,
  type TrustRow,
  IDENTITY_DIGEST,
  NEW_PERSON,
  SEEN,
  WANTED,
  type NewPerson,
} from '../store/users.sql';
import type { FoundUser, IdentityKey, IdentityTrust, KnownPerson, PresentedKey } from '../user';
import type { LockedIdentity, NewUser } from './wanted-user';

interface Doubt {
  /** `readNotBefore` then reads `authNotBefore` again, in a new statement. */
  readonly isVisitDoubtful: boolean;
}

type FoundRow = IdentityRow & Visit & Doubt & { readonly keyId: string; readonly digest: Buffer };

@Injectable()
export class ClaimsRepository {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly lookups: LookupDigestsRepository,
  ) {}

  /**
   * Locks the users of claims, if there are any. A transaction that skips locked rows also skips users that have to be
   * read twice.
   */
  async lock<W extends { readonly claim: PresentedKey }>(
    tx: EntityManager,
    wanted: readonly W[],
  ): Promise<ReadonlyMap<W, LockedIdentity>> {
    const asked = wanted.map((each) => ({ each, digests: digestsOf(this.keyRing, each.claim) }));
    const digests = asked.flatMap(({ each, digests: own }) => wantedBy(each.claim, own));
    const found = await rows<FoundRow>(tx, LOCK_BY_DIGESTS(tx), WANTED.arraysOf(digests));
    const byDigest = new Map(found.map((row) => [nameOf(row), row]));
    const users = new Map<W, LockedIdentity>();
    for (const { each, digests: own } of asked) {
      const rowsOfUser = own.flatMap((digest) => byDigest.get(nameOf(digest)) ?? []);
      const isDoubtful = rowsOfUser.some(({ isVisitDoubtful }) => isVisitDoubtful);
      const user = this.toLocked(own, rowsOfUser);
      if (!user || (isDoubtful && !waitsForLocks(tx))) continue;
      const current = isDoubtful ? await this.readNotBefore(tx, each.claim, user) : {};
      users.set(each, { ...user, ...current });
    }
    return users;
  }

  private toLocked(digests: readonly BlindIndex[], found: readonly FoundRow[]): LockedIdentity | null {
    const [row] = found;
    if (!row) return null;
    const dataKey = openDataKey(this.keyRing, row.userId, row.dataKey);
    const known = new Set(found.map(({ keyId }) => keyId));
    let content: IdentityContent | undefined;
    return locked({
      ...row,
      ...trustOf(row),
      isNew: false,
      dataKey,
      content: () => (content ??= openContent(dataKey, row.identityId, row.content)),
      missingDigests: digests.filter(({ keyId }) => !known.has(keyId)),
    });
  }

  /** @returns the users without those for whom another request was faster; they exist by then */
  async insertIfFirst<N extends NewUser>(
    tx: EntityManager,
    newUsers: readonly N[],
    now: Date,
  ): Promise<ReadonlyMap<N, FoundUser>> {
    if (newUsers.length === 0) return new Map();
    const made = newUsers.map((newUser) => ({ newUser, ...this.make(newUser, now) }));
    const digests = made.flatMap(({ digests: own, user }) =>
      own.map((digest) => ({ ...digest, identityId: user.identityId })),
    );
    const insertion = rows<{ identityId: string } & LookedUpState & Pick<Visit, 'authNotBefore'>>(
      tx,
      INSERT_USERS_IF_FIRST,
      [
        now,
        made[0]?.digests.length,
        ...IDENTITY_DIGEST.arraysOf(digests),
        ...NEW_PERSON.arraysOf(made.map(({ person }) => person)),
      ],
    );
    const inserted = await insertion.catch(throwLostRace);
    const first = new Set(inserted.map(({ identityId }) => identityId));
    const created = made.filter(({ user }) => first.has(user.identityId));
    const known = created.map(({ user: { identityId }, profile: { username } }) =>
      locked({ identityId, username }),
    );
    if (inserted[0]?.isLookedUp === true) await this.lookups.insert(tx, known);
    const authNotBefore = inserted[0]?.authNotBefore ?? null;
    return new Map(created.map(({ newUser, user }) => [newUser, { ...user, authNotBefore }]));
  }

  async insertDigests(tx: EntityManager, identityId: string, digests: readonly BlindIndex[]): Promise<void> {
    const own = digests.map((digest) => ({ ...digest, identityId }));
    await tx.query(INSERT_DIGESTS, IDENTITY_DIGEST.arraysOf(own));
  }

  async completeDigests(tx: EntityManager, identityId: string, identity: IdentityKey): Promise<void> {
    await this.insertDigests(tx, identityId, digestsOf(this.keyRing, identity));
  }

  /** The instant from which proofs of a person without an account count. */
  async proofsNotBefore(manager: EntityManager): Promise<Date | null> {
    const found = await firstRow<Pick<Visit, 'authNotBefore'>>(
      manager,
      `SELECT ${PROOFS_NOT_BEFORE} AS "authNotBefore"`,
    );
    return found?.authNotBefore ?? null;
  }

  async findByClaim(manager: EntityManager, claim: PresentedKey): Promise<KnownPerson | null> {
    const wanted = wantedBy(claim, digestsOf(this.keyRing, claim));
    const found = await firstRow<Omit<KnownPerson, keyof IdentityTrust> & TrustRow & Doubt>(
      manager,
      FIND_BY_DIGESTS,
      WANTED.arraysOf(wanted),
    );
    if (!found) return null;
    const { isVisitDoubtful, ...row } = found;
    const known = { ...row, ...trustOf(found) };
    return isVisitDoubtful ? { ...known, ...(await this.readNotBefore(manager, claim, known)) } : known;
  }

  /** @returns the accounts of the identities that have one */
  async findOwners<I extends Omit<IdentityKey, 'applicationId'>>(
    manager: EntityManager,
    identities: readonly I[],
  ): Promise<ReadonlyMap<I, string>> {
    const wanted = identities.map((identity) => ({ identity, digests: digestsOf(this.keyRing, identity) }));
    const found = await rows<{ userId: string } & BlindIndex>(
      manager,
      FIND_OWNERS,
      BLIND_INDEX.arraysOf(wanted.flatMap(({ digests }) => digests)),
    );
    const owners = new Map(found.map((row) => [nameOf(row), row.userId]));
    return new Map(
      wanted.flatMap(({ identity, digests }) => {
        const owner = digests.map((digest) => owners.get(nameOf(digest))).find(Boolean);
        return owner === undefined ? [] : [[identity, owner] as const];
      }),
    );
  }

  /** A claim that says nothing about its proof counts as weak. */
  private async readNotBefore(
    manager: EntityManager,
    { applicationId, assurance = 'vendor', botId, botRowId }: PresentedKey,
    { userId, cap }: Pick<KnownPerson, 'userId' | 'cap'>,
  ): Promise<Pick<Visit, 'authNotBefore'> | null> {
    const isOfAllowedBot = botId === undefined || (botId !== null && botRowId === null);
    const isWeak = isOfAllowedBot || weakestOf(assurance, cap) !== 'platform';
    return firstRow(manager, READ_NOT_BEFORE, [userId, applicationId, isWeak]);
  }

  /** Records visits. @param day as `2026-11-20` in UTC */
  async noteSeen(tx: EntityManager, visits: readonly RowOf<typeof SEEN>[], day: string): Promise<void> {
    await tx.query(NOTE_SEEN, [day, ...SEEN.arraysOf(visits)]);
  }

  /** @returns the ids of the users who have visited the application beside them */
  async findVisited(tx: EntityManager, visits: readonly RowOf<typeof SEEN>[]): Promise<ReadonlySet<string>> {
    const found = await rows<{ userId: string }>(tx, FIND_VISITED, SEEN.arraysOf(visits));
    return new Set(found.map(({ userId }) => userId));
  }

  /** Does the same as `noteSeen`, for users whom the application knows. It never waits. */
  async noteReturned(tx: EntityManager, visits: readonly RowOf<typeof SEEN>[], day: string): Promise<void> {
    await tx.query(NOTE_RETURNED, [day, ...SEEN.arraysOf(visits)]);
  }

  private make({ claim, profile, imported }: NewUser, now: Date) {
    const [userId, identityId, auditPseudonym] = [uuidv7(), uuidv7(), randomUUID()];
    const { dataKey, wrapped } = createDataKey(this.keyRing, dataKeyAad(userId));
    const owner = { userId, identityId, dataKey };
    const isProven = claim.assurance === 'platform';
    const user: FoundUser = locked({
      userId,
      identityId,
      dataKey,
      cap: 'platform',
      isFounding: true,
      isProven,
      status: 'active',
      isClosed: false,
      auditPseudonym,
      isNew: true,
      authNotBefore: null,
      lastSeenOn: null,
    });
    const person: NewPerson = {
      ...toNewIdentity(owner, claim, profile, now, null, imported),
      dataKey: wrapped,
      auditPseudonym,
      platformProvenAt: isProven ? now : null,
    };
    return { user, person, profile, digests: digestsOf(this.keyRing, claim) };
  }
}

function wantedBy(
  { applicationId }: IdentityKey,
  digests: readonly BlindIndex[],
): readonly RowOf<typeof WANTED>[] {
  return digests.map(({ keyId, digest }) => ({ keyId, digest, applicationId }));
}

function nameOf({ keyId, digest }: BlindIndex): string {
  return `${keyId} ${digest.toString('base64')}`;
}
