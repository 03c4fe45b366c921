import { sealedJson, type DataKey, type Sealed } from '@countersign/crypto';
import { isAtLeast, type Assurance } from '../assurance';
import type { IdentityEntity } from './identity.entity';
import {
  profileFields,
  type ClaimedProfile,
  type FieldAssurances,
  type IdentityAlias,
  type Profile,
  type ProfileField,
} from '../user';

/** Not used for look-ups. */
export interface StoredAlias extends IdentityAlias {
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface IdentityContent {
  readonly subject: string;
  readonly profile: Profile;
  /** JSON from an import; `null` if there was none. Nothing in it was proven, so it does not belong to the profile. */
  readonly imported: string | null;
  readonly aliases: readonly StoredAlias[];
}

/** Unset fields are absent. */
interface StoredContent extends Pick<IdentityContent, 'subject'> {
  readonly profile: Partial<Profile>;
  readonly imported?: string | null;
  readonly aliases?: readonly StoredAlias[];
}

const sealedContent = sealedJson<StoredContent>('identities', 'content', (content) =>
  JSON.stringify(content, (_name, value: unknown) => value ?? undefined),
);

export function sealContent(key: DataKey, identityId: string, content: IdentityContent): Sealed {
  return sealedContent.seal(key, identityId, content);
}

export function openContent(key: DataKey, identityId: string, sealed: Sealed): IdentityContent {
  const { subject, profile, imported = null, aliases = [] } = sealedContent.open(key, identityId, sealed);
  return { subject, profile: mapFields((field) => profile[field] ?? null), imported, aliases };
}

/** Adds or replaces an alias. An identity has one alias for each issuer and audience. */
export function withAlias(
  aliases: readonly StoredAlias[],
  { issuer, audience, subject }: IdentityAlias,
  now: Date,
): readonly StoredAlias[] {
  const others = aliases.filter((other) => other.issuer !== issuer || other.audience !== audience);
  return [...others, { issuer, audience, subject, createdAt: now.toISOString() }];
}

export function storedFieldsOf(profile: Profile): readonly ProfileField[] {
  return profileFields.filter((field) => profile[field] !== null);
}

export function restrictProfile(profile: ClaimedProfile, allowed: ReadonlySet<ProfileField>): Profile {
  return mapFields((field) => (allowed.has(field) ? (profile[field] ?? null) : null));
}

function mapFields<T>(valueOf: (field: ProfileField) => T): Record<ProfileField, T> {
  return Object.fromEntries(profileFields.map((field) => [field, valueOf(field)])) as Record<ProfileField, T>;
}

/** Only sessions at the account's level can add a contact, so its number counts as `platform`. */
export function fieldAssurancesOf({
  assertedFields,
  platformFields,
}: Pick<IdentityEntity, 'assertedFields' | 'platformFields'>): FieldAssurances {
  return mapFields((field): Assurance => {
    if (field === 'phoneNumber' || platformFields.includes(field)) return 'platform';
    return assertedFields.includes(field) ? 'bot-token' : 'vendor';
  });
}

export function fieldsShownAt(
  assurance: Assurance,
  given: FieldAssurances,
  fields: ReadonlySet<ProfileField>,
): ReadonlySet<ProfileField> {
  return new Set([...fields].filter((field) => isAtLeast(assurance, given[field])));
}
