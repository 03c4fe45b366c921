import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { mapOwnFields, ownFields, type FieldSetting, type OwnField } from '../fields/own-field';
import type { OwnProfile } from '../profile';
import { openTexts, sealedPreferencesText } from '../store/profile-sealing';
import type { MergeRecord, MergeSide, AccountDataJournal, Returned, ReturnPair } from '@countersign/users';
import { ProfilesJournalRepository, type RecalledProfile } from './profiles-journal.repository';
import { ProfilesRepository } from '../store/profiles.repository';
import { UsernamesRepository } from '../usernames/usernames.repository';

type Fields = Pick<OwnProfile, 'texts' | 'settings'>;

/** What merges change of own profiles, preferences and usernames. */
@Injectable()
export class ProfilesJournal implements AccountDataJournal<RecalledProfile> {
  readonly name = 'profiles';

  constructor(
    private readonly rows: ProfilesJournalRepository,
    private readonly profiles: ProfilesRepository,
    private readonly usernames: UsernamesRepository,
    private readonly clock: Clock,
  ) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<RecalledProfile> {
    return this.rows.recall(tx, userId);
  }

  async giveBack(
    tx: EntityManager,
    { survivor, returning }: ReturnPair,
    record: MergeRecord<RecalledProfile>,
  ): Promise<Returned> {
    const { loser } = record;
    const own = fieldsOf(returning, loser);
    const { username } = own.texts;
    await this.restoreSurvivor(tx, survivor, record, username);
    await this.rows.insert(tx, loser);
    const names = { digests: loser.digests, username };
    await this.rows.giveNames(tx, survivor.userId, returning.userId, names);
    const now = this.clock.now();
    if (username === null || (await this.usernames.take(tx, returning.userId, username, now))) return {};
    await this.profiles.save(tx, returning, without(own, 'username'), now);
    return { lost: [{ what: 'username', id: null }] };
  }

  /** Fields that are as the merge left them become what they were. The name of the account that returns is theirs. */
  private async restoreSurvivor(
    tx: EntityManager,
    survivor: MergeSide,
    record: MergeRecord<RecalledProfile>,
    nameOfOther: string | null,
  ): Promise<void> {
    const current = await this.rows.recall(tx, survivor.userId);
    const [before, after, now] = [
      fieldsOf(survivor, record.survivor),
      fieldsOf(survivor, record.merged),
      fieldsOf(survivor, current),
    ];
    const restored = restore(before, after, now);
    const isTheirs = nameOfOther !== null && restored.texts.username === nameOfOther;
    const fields = isTheirs ? without(restored, 'username') : restored;
    if (isDeepStrictEqual(fields, before)) {
      await this.profiles.delete(tx, survivor.userId);
      await this.rows.insert(tx, { ...record.survivor, preferences: current.preferences });
    } else if (!isDeepStrictEqual(fields, now)) {
      await this.profiles.save(tx, survivor, fields, this.clock.now());
    }
    for (const { applicationId, text } of preferencesOf(survivor, record.merged)) {
      const isBrought = !record.survivor.sealedPreferences.some((row) => row.applicationId === applicationId);
      const isUnchanged = preferencesOf(survivor, current).some(
        (one) => one.applicationId === applicationId && one.text === text,
      );
      if (isBrought && isUnchanged) await this.rows.deletePreferences(tx, survivor.userId, applicationId);
    }
  }
}

function restore(before: Fields, after: Fields, now: Fields): Fields {
  const texts: Record<OwnField, string | null> = { ...now.texts };
  const settings: Partial<Record<OwnField, FieldSetting>> = { ...now.settings };
  for (const field of ownFields) {
    if (now.texts[field] !== after.texts[field]) continue;
    if (!isDeepStrictEqual(now.settings[field], after.settings[field])) continue;
    texts[field] = before.texts[field];
    const setting = before.settings[field];
    if (setting) settings[field] = setting;
    else Reflect.deleteProperty(settings, field);
  }
  return { texts, settings };
}

function without({ texts, settings }: Fields, field: OwnField): Fields {
  const rest: Partial<Record<OwnField, FieldSetting>> = { ...settings };
  Reflect.deleteProperty(rest, field);
  return { texts: { ...texts, [field]: null }, settings: rest };
}

function fieldsOf({ userId, dataKey }: MergeSide, { texts, settings }: RecalledProfile): Fields {
  return { texts: texts ? openTexts(dataKey, userId, texts) : mapOwnFields(() => null), settings };
}

function preferencesOf(
  { userId, dataKey }: MergeSide,
  { sealedPreferences }: RecalledProfile,
): readonly { readonly applicationId: string; readonly text: string }[] {
  return sealedPreferences.map(({ applicationId, preferences }) => ({
    applicationId,
    text: sealedPreferencesText.open(dataKey, [userId, applicationId], preferences),
  }));
}
