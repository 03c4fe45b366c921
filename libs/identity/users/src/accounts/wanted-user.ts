import type { BlindIndex } from '@countersign/crypto';
import type { RowOf } from '@countersign/database';
import { claimWithin, spokenFields } from '../store/identity-values';
import { restrictProfile, type IdentityContent } from '../store/profile-sealing';
import type { PROFILE } from '../store/users.sql';
import type { FoundUser, IdentityAlias, IdentityClaim, IdentityTrust, Profile, ProfileField } from '../user';

/** The personal data of an identity as it is stored, with its origin. */
export interface StoredProfile extends Omit<RowOf<typeof PROFILE>, 'content'> {
  /** Decrypts on the first call. */
  readonly content: () => IdentityContent;
}

export type LockedIdentity = FoundUser &
  StoredProfile & {
    /** The digests for index keys under which the identity has none yet. */
    readonly missingDigests: readonly BlindIndex[];
  };

export interface NewUser {
  readonly claim: IdentityClaim;
  readonly profile: Profile;
  /** JSON of what an import said about the person. */
  readonly imported?: string;
}

export interface ProfileUpdate extends Omit<StoredProfile, 'content' | 'storedFields'> {
  readonly values: ReadonlyMap<ProfileField, string | null>;
  /** An alias that is new, or whose subject changed. */
  readonly alias?: IdentityAlias | null;
}

/**
 * Returns what a claim changes in a profile and its aliases.
 * - Data that the platform signed replaces data that rests on a bot's token, even newer data, and never the reverse.
 * - At equal assurance, the newer data wins, by the date of the claim that last changed something. A confirmation is
 *   not stored. The phone number has its own date.
 * - Any data replaces a hint. A hint fills only empty fields that the platform has never asserted.
 *
 * @param needed the fields that may be stored
 * @returns null if nothing changes
 */
export function profileUpdateBy(
  { profile, hints, madeAt, assurance, alias: said }: IdentityClaim,
  known: StoredProfile,
  needed: ReadonlySet<ProfileField>,
): ProfileUpdate | null {
  const values = new Map<ProfileField, string | null>();
  const asserted = new Set(known.assertedFields);
  const signed = new Set(known.platformFields);
  const stored = new Set(known.storedFields);
  const isSigned = assurance === 'platform';
  let { profileMadeAt, phoneMadeAt } = known;
  for (const field of spokenFields(profile)) {
    if (!needed.has(field)) continue;
    const knownAt = field === 'phoneNumber' ? phoneMadeAt : known.profileMadeAt;
    const isNewest = madeAt !== null && (knownAt === null || madeAt >= knownAt);
    const isStronger = isSigned && !signed.has(field);
    const isWeaker = !isSigned && signed.has(field);
    if (isWeaker || (!isNewest && !isStronger && asserted.has(field))) continue;
    const value = profile[field] ?? null;
    const before = stored.has(field) ? known.content().profile[field] : null;
    if (value !== before) values.set(field, value);
    asserted.add(field);
    if (isSigned) signed.add(field);
    if (field === 'phoneNumber') phoneMadeAt = value === null ? null : (madeAt ?? phoneMadeAt);
    else if (madeAt && (isNewest || isStronger)) profileMadeAt = madeAt;
  }
  for (const [field, hint] of Object.entries(hints) as [ProfileField, string | null][]) {
    const isOpen = needed.has(field) && !asserted.has(field) && !stored.has(field);
    if (isOpen && hint !== null) values.set(field, hint);
  }
  const isKnownAlias = (one: IdentityAlias) =>
    one.issuer === said?.issuer && one.audience === said.audience && one.subject === said.subject;
  const alias = said === null || known.content().aliases.some(isKnownAlias) ? null : said;
  const isUnchanged =
    values.size === 0 &&
    alias === null &&
    asserted.size === known.assertedFields.length &&
    signed.size === known.platformFields.length;
  if (isUnchanged) return null;
  const fields = { assertedFields: [...asserted], platformFields: [...signed] };
  return { values, alias, ...fields, profileMadeAt, phoneMadeAt };
}

export interface WantedUser {
  readonly claim: IdentityClaim;
  readonly needed: ReadonlySet<ProfileField>;
}

/** Tells whether this is the first proof by which the platform itself identifies the account's person. */
export function isFirstProof(
  { isFounding, isProven }: IdentityTrust,
  { assurance }: Pick<IdentityClaim, 'assurance'>,
): boolean {
  return isFounding && !isProven && assurance === 'platform';
}

export function newUserOf<W extends WantedUser>(wanted: W): NewUser & { readonly wanted: W } {
  const { claim, needed } = wanted;
  return {
    wanted,
    claim: claimWithin(claim, needed),
    profile: restrictProfile({ ...claim.hints, ...claim.profile }, needed),
  };
}

/** Returns the identity if a sign-in can use it unchanged. */
export function unchanged(identity: LockedIdentity, { claim, needed }: WantedUser): FoundUser | null {
  const isComplete =
    identity.status === 'active' &&
    !identity.isClosed &&
    identity.missingDigests.length === 0 &&
    !isFirstProof(identity, claim);
  return isComplete && profileUpdateBy(claim, identity, needed) === null ? identity : null;
}
