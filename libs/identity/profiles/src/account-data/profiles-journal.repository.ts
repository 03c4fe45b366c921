import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, insertJsonRows, jsonRows, type JsonRow } from '@countersign/database';
import { mapOwnFields, type FieldSettings } from '../fields/own-field';
import { usernameDigests } from '../fields/username';
import { ProfileEntity, ProfilePreferencesEntity } from '../store/profile.entity';
import type { SealedTexts } from '../store/profile-sealing';

/** All rows of a person, sealed under their data key. */
export interface RecalledProfile {
  /** What `profile` and `preferences` have, by fields. */
  readonly texts: SealedTexts | null;
  readonly settings: FieldSettings;
  readonly sealedPreferences: readonly Pick<ProfilePreferencesEntity, 'applicationId' | 'preferences'>[];
  readonly profile: JsonRow | null;
  readonly copy: JsonRow | null;
  readonly preferences: readonly JsonRow[];
  /** Digests of usernames, also of reserved ones. */
  readonly digests: readonly JsonRow[];
}

const GIVE_DIGESTS = `
  UPDATE username_digests own SET user_id = $2, held_until = former.held_until
  FROM jsonb_populate_recordset(NULL::username_digests, $3::jsonb) AS former
  WHERE own.key_id = former.key_id AND own.digest = former.digest AND own.user_id = $1`;

/** Those of a name, under keys that are newer than the journal too. */
const GIVE_NAME = `
  UPDATE username_digests SET user_id = $2, held_until = NULL
  WHERE user_id = $1 AND (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(3)})`;

/** Rows of profiles that return out of a merge. The caller holds the locks of the users. */
@Injectable()
export class ProfilesJournalRepository {
  constructor(private readonly keyRing: KeyRing) {}

  async recall(manager: EntityManager, userId: string): Promise<RecalledProfile> {
    const own = async (table: string) => jsonRows(manager, table, 'user_id = $1', userId);
    const [[profile = null], [copy = null]] = [await own('profiles'), await own('public_profiles')];
    const found = await manager.findOneBy(ProfileEntity, { userId });
    const sealed = await manager.findBy(ProfilePreferencesEntity, { userId });
    return {
      texts: found && mapOwnFields((field) => found[field]),
      settings: found?.fieldSettings ?? {},
      sealedPreferences: sealed.map(({ applicationId, preferences }) => ({ applicationId, preferences })),
      profile,
      copy,
      preferences: await own('profile_preferences'),
      digests: await own('username_digests'),
    };
  }

  /** The rows of a person who has none. */
  async insert(
    tx: EntityManager,
    { profile, copy, preferences }: Pick<RecalledProfile, 'profile' | 'copy' | 'preferences'>,
  ): Promise<void> {
    if (profile) await insertJsonRows(tx, 'profiles', [profile]);
    if (copy) await insertJsonRows(tx, 'public_profiles', [copy]);
    await insertJsonRows(tx, 'profile_preferences', preferences);
  }

  /** @param username the one in use */
  async giveNames(
    tx: EntityManager,
    fromId: string,
    toId: string,
    { digests, username }: { readonly digests: readonly JsonRow[]; readonly username: string | null },
  ): Promise<void> {
    await tx.query(GIVE_DIGESTS, [fromId, toId, JSON.stringify(digests)]);
    if (username === null) return;
    const current = BLIND_INDEX.arraysOf(usernameDigests(this.keyRing, username));
    await tx.query(GIVE_NAME, [fromId, toId, ...current]);
  }

  async deletePreferences(tx: EntityManager, userId: string, applicationId: string): Promise<void> {
    await tx.delete(ProfilePreferencesEntity, { userId, applicationId });
  }
}
