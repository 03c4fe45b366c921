import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { RevealsFields } from '../../reveals/revealed-fields';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  type OwnerOfIdentity,
  type Returned,
  type ReturnPair,
  UsersService,
} from '@countersign/users';
import { mapOwnFields, ownFields, type FieldSetting, type OwnField } from '../fields/own-field';
import { fillFields } from '../changes/profile-change';
import type { Fields } from '../profile';
import { linksOf } from '../profile.mapper';
import type { ProfileEntity, ProfilePreferencesEntity } from '../store/profile.entity';
import { openTexts, sealedPreferences } from '../store/profile-sealing';
import { ProfilesRepository } from '../store/profiles.repository';
import { UsernamesRepository } from '../usernames/usernames.repository';

type SetField = Pick<ProfileEntity, 'content' | 'updatedAt'> & {
  readonly field: OwnField;
  readonly setting: FieldSetting;
};

const UNTIL_REMOVED = 'Until the person removes it or the account is erased.';

@Injectable()
@HasAccountData('others')
@RevealsFields()
export class ProfilesAccountData implements AccountData {
  readonly name = 'profiles';
  readonly owned: readonly OwnedRows[] = [
    // A foreign key deletes the public copy too.
    { table: 'profiles', key: [], leave: true, erase: 'delete' },
    { table: 'public_profiles', key: [], leave: true },
    {
      ...{ table: 'profile_preferences', key: ['application_id'], isUnique: true, sealed: ['preferences'] },
      ...{ sealedAs: ['user_id', 'application_id'], erase: 'delete' },
    },
    { table: 'username_digests', key: ['key_id', 'digest'] },
  ];
  readonly lost = {
    profileFields: 'FROM profiles, jsonb_each(field_settings) WHERE user_id = $1',
    preferences: 'FROM profile_preferences WHERE user_id = $1',
  };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'profile',
      meaning: 'Fields that the person set themselves, with who sees them and what set them.',
      retention: UNTIL_REMOVED,
      sql: `SELECT field AS cursor, field, setting, content, updated_at FROM profiles, jsonb_each(field_settings) AS own (field, setting)
        WHERE user_id = $1`,
      itemOf: ({ field, setting, content, updatedAt }: SetField, { userId, dataKey }) => ({
        field,
        value: valueOf(field, openTexts(dataKey, userId, content)[field]),
        ...setting,
        updatedAt,
      }),
    },
    {
      name: 'publicProfile',
      meaning: 'The copy in clear text of the fields that the person made public.',
      retention: 'Until the field is private again or the account is erased.',
      sql: `SELECT field AS cursor, field, value FROM public_profiles, jsonb_each_text(texts) AS own (field, value)
        WHERE user_id = $1`,
      itemOf: ({ field, value }: { readonly field: OwnField; readonly value: string }) => ({
        field,
        value: valueOf(field, value),
      }),
    },
    {
      name: 'preferences',
      meaning: 'Preferences of the person in each application.',
      retention: UNTIL_REMOVED,
      sql: `SELECT application_id AS cursor, application_id, preferences, assurance, updated_at
        FROM profile_preferences WHERE user_id = $1`,
      itemOf: (
        row: Pick<ProfilePreferencesEntity, 'applicationId' | 'preferences'>,
        { userId, dataKey },
      ) => ({
        ...row,
        preferences: sealedPreferences.open(dataKey, [userId, row.applicationId], row.preferences),
      }),
    },
    {
      name: 'usernames',
      meaning: 'Digests by which the username is unique.',
      retention: 'While the username is used.',
      sql: `SELECT key_id || encode(digest, 'hex') AS cursor, key_id FROM username_digests WHERE user_id = $1`,
    },
  ];

  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly usernames: UsernamesRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Opens fields as text (links as JSON); `null` for an unset one. */
  async open(
    manager: EntityManager,
    owner: OwnerOfIdentity,
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, string | null>>> {
    if (wanted.length === 0) return {};
    const { texts } = await this.profiles.findFields(manager, owner);
    return Object.fromEntries(Object.entries(texts).filter(([field]) => wanted.includes(field)));
  }

  /**
   * The survivor keeps their own fields and gets the missing ones from the loser. If the survivor does not use the
   * loser's username, it stays reserved for the separation until the survivor chooses another one.
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<Merged> {
    const now = this.clock.now();
    const own = await this.profiles.findFields(tx, survivor);
    const filled = fillFields(own, await this.profiles.findFields(tx, loser));
    await this.users.noteProfile(tx, survivor);
    const state = ownFields.filter((field) => filled.texts[field] !== own.texts[field]);
    if (state.length > 0) await this.profiles.save(tx, survivor, filled, now);
    return { state };
  }

  /** Clears the survivor's fields that the merge filled and that still equal those of the returning account. */
  async separated(tx: EntityManager, { survivor, returning }: ReturnPair, state: unknown): Promise<Returned> {
    const now = this.clock.now();
    const own = await this.profiles.findFields(tx, survivor);
    const returned = await this.profiles.findFields(tx, returning);
    const got = ownFields.filter(
      (field) =>
        (state as readonly OwnField[]).includes(field) &&
        own.texts[field] === returned.texts[field] &&
        isDeepStrictEqual(own.settings[field], returned.settings[field]),
    );
    // A username is unique, so the survivor loses it even if they changed its visibility.
    if (own.texts.username !== null && own.texts.username === returned.texts.username) got.push('username');
    const left = without(own, got);
    if (ownFields.every((field) => left.texts[field] === null && !left.settings[field]))
      await this.profiles.deleteFields(tx, survivor.userId);
    else if (got.length > 0) await this.profiles.save(tx, survivor, left, now);
    const { username } = returned.texts;
    if (username === null) return {};
    await this.usernames.give(tx, survivor.userId, returning.userId, username);
    if (await this.usernames.take(tx, returning, username)) return {};
    await this.profiles.save(tx, returning, without(returned, ['username']), now);
    return { lost: [{ what: 'username', id: null }] };
  }
}

function without({ texts, settings }: Fields, fields: readonly OwnField[]): Fields {
  const rest = Object.entries(settings).filter(([field]) => !fields.includes(field as OwnField));
  return {
    texts: mapOwnFields((field) => (fields.includes(field) ? null : texts[field])),
    settings: Object.fromEntries(rest),
  };
}

function valueOf(field: OwnField, text: string | null): unknown {
  return field === 'links' ? linksOf(text) : text;
}
