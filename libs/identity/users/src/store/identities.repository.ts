import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, locked, rows, type Locked, type RowOf } from '@countersign/database';
import { digestsOf, throwLostRace } from '../digests/identity-digests';
import { toNewIdentity, type Attachment, type IdentityOwner, type LinkAttachment } from './identity-values';
import { openContent, sealContent, storedFieldsOf, withAlias } from './profile-sealing';
import { LookupDigestsRepository, type LookedUpState } from '../lookup/lookup-digests.repository';
import type { ProfileUpdate, StoredProfile } from '../accounts/wanted-user';
import type { IdentityClaim, LockedUser, Profile, ProfileField } from '../user';
import type { Provable } from '../assurance';
import {
  INSERT_IDENTITY_IF_FIRST,
  UPDATE_PROFILES,
  TRUST_COLUMNS,
  trustOf,
  type TrustRow,
  CHANGED_PROFILE,
  NEW_IDENTITY,
  PROFILE,
} from './users.sql';

export interface SharedPhone {
  /** E.164. */
  readonly phoneNumber: string;
  readonly madeAt: Date;
  /** The person has just proven the identity. */
  readonly isConfirmed: boolean;
}

export type ProfileChange = Locked<
  Pick<StoredProfile, 'content'> &
    Omit<IdentityOwner, 'userId'> & {
      readonly update: ProfileUpdate;
    }
>;

export interface OwnIdentity extends Provable {
  readonly id: string;
  readonly environment: string;
  readonly isFounding: boolean;
  readonly isProven: boolean;
}

/** Reads and writes identities of existing users. */
@Injectable()
export class IdentitiesRepository {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly lookups: LookupDigestsRepository,
  ) {}

  /** @returns the identity's id, or null if an account has the identity */
  async insertIdentityIfFirst(
    tx: EntityManager,
    { userId, dataKey }: LockedUser,
    claim: IdentityClaim,
    profile: Profile,
    attachment: LinkAttachment,
  ): Promise<string | null> {
    const identityId = uuidv7();
    const owner = { userId, identityId, dataKey };
    const identity = toNewIdentity(owner, claim, profile, attachment.at, attachment);
    const digests = digestsOf(this.keyRing, claim);
    const insertion = firstRow<{ count: number } & LookedUpState>(tx, INSERT_IDENTITY_IF_FIRST, [
      ...BLIND_INDEX.arraysOf(digests),
      identityId,
      attachment.at,
      ...NEW_IDENTITY.valuesOf(identity),
    ]);
    const inserted = await insertion.catch(throwLostRace);
    if (inserted?.count !== digests.length) return null;
    if (inserted.isLookedUp)
      await this.lookups.insert(tx, [locked({ identityId, username: profile.username })]);
    return identityId;
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly OwnIdentity[]> {
    const found = await rows<Pick<OwnIdentity, 'id' | 'provider' | 'environment'> & TrustRow>(
      manager,
      `SELECT i.id, i.provider, i.environment, ${TRUST_COLUMNS}
       FROM identities i JOIN users u ON u.id = i.user_id WHERE i.user_id = $1 ORDER BY i.id`,
      [userId],
    );
    return found.map(({ id, provider, environment, ...row }) => ({
      id,
      provider,
      environment,
      ...trustOf(row),
    }));
  }

  /** Records that a merge moved the identity. The bots of its earlier attachment stay listed. */
  async setAttachment(
    tx: EntityManager,
    { userId }: LockedUser,
    id: string,
    { by, cap, bots }: Attachment,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE identities SET cap = $2, attached_at = $3, attached_by = $4,
         attached_with = ARRAY(SELECT DISTINCT unnest(attached_with || $5::text[]) ORDER BY 1) WHERE id = $1 AND user_id = $6`,
      [id, cap, at, by, bots, userId],
    );
  }

  async updateProfiles(tx: EntityManager, changes: readonly ProfileChange[], now: Date): Promise<void> {
    const changed = changes.map(({ identityId, dataKey, content, update: { values, alias, ...origin } }) => {
      const former = content();
      const profile = { ...former.profile, ...Object.fromEntries(values) };
      const aliases = alias ? withAlias(former.aliases, alias, now) : former.aliases;
      return {
        id: identityId,
        isRenamed: values.has('username'),
        content: sealContent(dataKey, identityId, { ...former, profile, aliases }),
        storedFields: storedFieldsOf(profile),
        ...origin,
      };
    });
    const values = [now, ...CHANGED_PROFILE.arraysOf(changed)];
    const updated = await firstRow<LookedUpState>(tx, UPDATE_PROFILES, values);
    const known = changes.map(({ identityId, update: { values } }) =>
      locked({ identityId, username: values.get('username') }),
    );
    if (updated?.isLookedUp) await this.lookups.insert(tx, known);
  }

  /** An older number, or one of a lower assurance, changes nothing. @returns whether it was written */
  async setPhoneNumber(
    tx: EntityManager,
    { identityId, dataKey }: Omit<IdentityOwner, 'userId'>,
    { phoneNumber, madeAt, isConfirmed }: SharedPhone,
    now: Date,
  ): Promise<boolean> {
    const found = await firstRow<RowOf<typeof PROFILE>>(
      tx,
      `SELECT ${PROFILE.selected} FROM identities
       WHERE id = $1 AND (phone_made_at IS NULL OR phone_made_at <= $2)
         AND ($3 OR phone_made_at IS NULL OR NOT 'phoneNumber' = ANY(platform_fields)) FOR NO KEY UPDATE`,
      [identityId, madeAt, isConfirmed],
    );
    if (!found) return false;
    const withPhone = (fields: readonly ProfileField[]) => [...new Set(fields).add('phoneNumber')];
    const update = {
      values: new Map([['phoneNumber' as const, phoneNumber]]),
      assertedFields: withPhone(found.assertedFields),
      platformFields: isConfirmed ? withPhone(found.platformFields) : found.platformFields,
      profileMadeAt: found.profileMadeAt,
      phoneMadeAt: madeAt,
    };
    const content = () => openContent(dataKey, identityId, found.content);
    await this.updateProfiles(tx, [locked({ identityId, dataKey, content, update })], now);
    return true;
  }
}
