import { open, seal, type DataKey, type Sealed } from '@countersign/crypto';
import { mapOwnFields, type OwnField, type OwnTexts } from '../fields/own-field';
import { profileColumn } from './profiles.sql';

/** Own fields as they stand in a row of `profiles`. */
export type SealedTexts = Readonly<Record<OwnField, Sealed | null>>;

export function openText(
  key: DataKey,
  userId: string,
  field: OwnField,
  sealed: Sealed | null,
): string | null {
  const place = { table: 'profiles', column: profileColumn(field), row: userId };
  return sealed === null ? null : open(key, place, sealed);
}

export function openTexts(key: DataKey, userId: string, sealed: SealedTexts): OwnTexts {
  return mapOwnFields((field) => openText(key, userId, field, sealed[field]));
}

export function sealTexts(key: DataKey, userId: string, texts: OwnTexts): SealedTexts {
  return mapOwnFields((field) => {
    const text = texts[field];
    const place = { table: 'profiles', column: profileColumn(field), row: userId };
    return text === null ? null : seal(key, place, text);
  });
}

function preferencesPlace(userId: string, applicationId: string) {
  return { table: 'profile_preferences', column: 'preferences', row: `${userId}/${applicationId}` };
}

export function openPreferencesText(
  key: DataKey,
  userId: string,
  applicationId: string,
  sealed: Sealed,
): string {
  return open(key, preferencesPlace(userId, applicationId), sealed);
}

export function sealPreferences(key: DataKey, userId: string, applicationId: string, text: string): Sealed {
  return seal(key, preferencesPlace(userId, applicationId), text);
}
