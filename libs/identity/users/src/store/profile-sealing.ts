import { sealedText, type DataKey, type Sealed } from '@countersign/crypto';
import type { ClaimedProfile, Profile, ProfileField } from '../user';

export const profileFields = [
  'firstName',
  'lastName',
  'username',
  'photoUrl',
  'languageCode',
  'phoneNumber',
  'premium',
] as const satisfies readonly ProfileField[];

export const profileColumns: Record<ProfileField, string> = {
  firstName: 'first_name',
  lastName: 'last_name',
  username: 'username',
  photoUrl: 'photo_url',
  languageCode: 'language_code',
  phoneNumber: 'phone_number',
  premium: 'premium',
};

/** Sealed profile fields as they stand in a row of `identities`. */
export type SealedProfile = Record<ProfileField, Sealed | null>;

export function sealField(key: DataKey, identityId: string, column: string, value: string): Sealed;
export function sealField(
  key: DataKey,
  identityId: string,
  column: string,
  value: string | null,
): Sealed | null;
export function sealField(
  key: DataKey,
  identityId: string,
  column: string,
  value: string | null,
): Sealed | null {
  return sealedText('identities', column).seal(key, identityId, value);
}

export function openField(key: DataKey, identityId: string, column: string, sealed: Sealed): string;
export function openField(
  key: DataKey,
  identityId: string,
  column: string,
  sealed: Sealed | null,
): string | null;
export function openField(
  key: DataKey,
  identityId: string,
  column: string,
  sealed: Sealed | null,
): string | null {
  return sealedText('identities', column).open(key, identityId, sealed);
}

export function sealProfile(key: DataKey, identityId: string, profile: Profile): SealedProfile {
  return mapFields((field) => sealField(key, identityId, profileColumns[field], profile[field]));
}

export function openProfile(key: DataKey, identityId: string, sealed: SealedProfile): Profile {
  return mapFields((field) => openField(key, identityId, profileColumns[field], sealed[field]));
}

/** The profile with only the fields in `allowed`; the others are null. */
export function restrictProfile(profile: ClaimedProfile, allowed: ReadonlySet<ProfileField>): Profile {
  return mapFields((field) => (allowed.has(field) ? (profile[field] ?? null) : null));
}

function mapFields<T>(valueOf: (field: ProfileField) => T): Record<ProfileField, T> {
  return Object.fromEntries(profileFields.map((field) => [field, valueOf(field)])) as Record<ProfileField, T>;
}
