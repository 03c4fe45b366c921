import { sealedText, type DataKey, type Sealed } from '@countersign/crypto';
import { mapOwnFields, type OwnField, type OwnTexts } from '../fields/own-field';
import { profileColumn } from './profiles.sql';

/** Own fields as they stand in a row of `profiles`. */
export type SealedTexts = Readonly<Record<OwnField, Sealed | null>>;

/** By user and application. */
export const sealedPreferencesText = sealedText('profile_preferences', 'preferences');

export function openText(
  key: DataKey,
  userId: string,
  field: OwnField,
  sealed: Sealed | null,
): string | null {
  return sealedText('profiles', profileColumn(field)).open(key, userId, sealed);
}

export function openTexts(key: DataKey, userId: string, sealed: SealedTexts): OwnTexts {
  return mapOwnFields((field) => openText(key, userId, field, sealed[field]));
}

export function sealTexts(key: DataKey, userId: string, texts: OwnTexts): SealedTexts {
  return mapOwnFields((field) =>
    sealedText('profiles', profileColumn(field)).seal(key, userId, texts[field]),
  );
}
