import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type DataKey, type Sealed } from '@countersign/crypto';
import { firstRow, rows } from '@countersign/database';
import { openDataKey, type Assurance, type OwnerOfIdentity, type LockedUser } from '@countersign/users';
import { mapOwnFields, visibilityOf, type FieldSettings, type OwnTexts } from '../fields/own-field';
import type { Fields, OwnProfile, Preferences } from '../profile';
import { ProfileEntity, ProfilePreferencesEntity, PublicProfileEntity } from './profile.entity';
import { allOf, openTexts, sealedPreferences, sealTexts, setOf } from './profile-sealing';

/** Preferences are those in the application `$2`. */
const FIND_OWN = `
  SELECT u.id AS "userId", u.data_key AS "dataKey", u.has_profile AS "isNoted", p.content,
    p.field_settings AS settings, preferences.preferences, preferences.assurance AS "preferencesAssurance"
  FROM users u
  LEFT JOIN profiles p ON p.user_id = u.id
  LEFT JOIN profile_preferences preferences ON preferences.user_id = u.id AND preferences.application_id = $2
  WHERE u.id = $1`;

/**
 * The profiles of many people, with the data that opens the fields they show to the application `$2`. The id of a
 * merged account finds the survivor. Every plan starts from the ids, whatever the planner's statistics are (ADR 0024).
 */
const FIND_SHOWN = `
  SELECT wanted.id AS "wantedId", found.*
  FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT u.id AS "userId", u.data_key AS "dataKey", p.content, p.field_settings AS settings,
      shown.texts AS shown,
      EXISTS (SELECT FROM user_applications v WHERE v.user_id = u.id AND v.application_id = $2) AS "hasUsed"
    FROM users u
    LEFT JOIN profiles p ON p.user_id = u.id
    LEFT JOIN public_profiles shown ON shown.user_id = u.id
    WHERE u.id = COALESCE((SELECT a.user_id FROM user_aliases a WHERE a.id = wanted.id), wanted.id)
      AND u.status = 'active' AND NOT u.is_closed
    OFFSET 0
  ) AS found`;

const FIND_PUBLIC = `
  SELECT shown.user_id AS "userId", shown.texts
  FROM unnest($1::uuid[]) AS wanted (id)
  JOIN public_profiles shown ON shown.user_id = wanted.id
  JOIN users u ON u.id = wanted.id AND u.status = 'active' AND NOT u.is_closed`;

interface OwnRow {
  readonly userId: string;
  readonly dataKey: Sealed;
  /** `null` if nothing was set yet; `settings` too. */
  readonly content: Sealed | null;
  readonly settings: FieldSettings | null;
  readonly preferences: Sealed | null;
  readonly preferencesAssurance: Assurance | null;
  readonly isNoted: boolean;
}

interface ShownRow extends Pick<OwnRow, 'userId' | 'dataKey' | 'content' | 'settings'> {
  readonly wantedId: string;
  readonly shown: Partial<OwnTexts> | null;
  readonly hasUsed: boolean;
}

/** A profile as one application may see it. `open` decrypts it on demand. */
export interface FoundProfile extends Pick<ShownRow, 'wantedId' | 'userId' | 'hasUsed'> {
  readonly settings: FieldSettings;
  readonly shown: OwnTexts;
  readonly open: () => OwnTexts;
}

export interface StoredProfile extends OwnProfile {
  readonly dataKey: DataKey;
  /** The user's row says that there is a profile. */
  readonly isNoted: boolean;
}

@Injectable()
export class ProfilesRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** @param applicationId the application whose preferences are read */
  async findOwn(
    manager: EntityManager,
    userId: string,
    applicationId: string,
  ): Promise<StoredProfile | null> {
    const row = await firstRow<OwnRow>(manager, FIND_OWN, [userId, applicationId]);
    if (!row) return null;
    const dataKey = openDataKey(this.keyRing, userId, row.dataKey);
    const { preferences, preferencesAssurance: assurance } = row;
    return {
      dataKey,
      isNoted: row.isNoted,
      texts: openTexts(dataKey, userId, row.content),
      settings: row.settings ?? {},
      preferences:
        preferences && assurance
          ? { values: sealedPreferences.open(dataKey, [userId, applicationId], preferences), assurance }
          : null,
    };
  }

  async findShown(
    manager: EntityManager,
    userIds: readonly string[],
    applicationId: string,
  ): Promise<readonly FoundProfile[]> {
    const found = await rows<ShownRow>(manager, FIND_SHOWN, [userIds, applicationId]);
    return found.map(({ dataKey, content, settings, shown, ...row }) => ({
      ...row,
      settings: settings ?? {},
      shown: allOf(shown),
      open: () => openTexts(openDataKey(this.keyRing, row.userId, dataKey), row.userId, content),
    }));
  }

  /** Stores a profile and its public copy, the only clear text. */
  async save(
    tx: EntityManager,
    { userId, dataKey }: LockedUser,
    { texts, settings }: Fields,
    now: Date,
  ): Promise<void> {
    const content = sealTexts(dataKey, userId, texts);
    const stored = { userId, content, fieldSettings: settings, createdAt: now, updatedAt: now };
    await tx
      .createQueryBuilder()
      .insert()
      .into(ProfileEntity)
      .values(stored)
      .orUpdate(['content', 'field_settings', 'updated_at'], ['user_id'])
      .execute();
    const copy = setOf(
      mapOwnFields((field) => (visibilityOf(settings, field) === 'public' ? texts[field] : null)),
    );
    await (Object.keys(copy).length === 0
      ? tx.delete(PublicProfileEntity, { userId })
      : tx.upsert(PublicProfileEntity, { userId, texts: copy, updatedAt: now }, ['userId']));
  }

  /** @param preferences `null` removes them */
  async savePreferences(
    tx: EntityManager,
    { userId, dataKey }: OwnerOfIdentity,
    applicationId: string,
    preferences: Preferences | null,
    now: Date,
  ): Promise<void> {
    if (preferences === null) {
      await tx.delete(ProfilePreferencesEntity, { userId, applicationId });
      return;
    }
    const { values, assurance } = preferences;
    const sealed = sealedPreferences.seal(dataKey, [userId, applicationId], values);
    const row = { userId, applicationId, preferences: sealed, assurance, updatedAt: now };
    await tx.upsert(ProfilePreferencesEntity, row, ['userId', 'applicationId']);
  }

  async publicCopiesOf(
    manager: EntityManager,
    userIds: readonly string[],
  ): Promise<readonly { readonly userId: string; readonly texts: OwnTexts }[]> {
    const found = await rows<PublicProfileEntity>(manager, FIND_PUBLIC, [userIds]);
    return found.map(({ userId, texts }) => ({ userId, texts: allOf(texts) }));
  }

  async findFields(manager: EntityManager, { userId, dataKey }: OwnerOfIdentity): Promise<Fields> {
    const found = await manager.findOneBy(ProfileEntity, { userId });
    return {
      texts: openTexts(dataKey, userId, found?.content ?? null),
      settings: found?.fieldSettings ?? {},
    };
  }

  async deleteFields(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(PublicProfileEntity, { userId });
    await tx.delete(ProfileEntity, { userId });
  }
}
