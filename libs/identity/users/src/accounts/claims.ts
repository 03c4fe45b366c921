import type { BlindIndex } from '@countersign/crypto';
import type { IdentityContent } from '../store/profile-sealing';
import type { FoundUser, IdentityAlias, IdentityClaim, Profile, ProfileField } from '../user';

/** The personal data of an identity as it is stored, with its origin. */
export interface StoredProfile {
  /** Decrypts when it is first called. */
  readonly content: () => IdentityContent;
  readonly storedFields: readonly ProfileField[];
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
  /** The fields that the platform asserted, and those of them that it signed itself. */
  readonly assertedFields: readonly ProfileField[];
  readonly platformFields: readonly ProfileField[];
}

/** A user found by a claim, with the stored profile and the key to change it. */
export interface LockedIdentity extends FoundUser, StoredProfile {
  /** Index keys without a digest of the identity yet. */
  readonly missingDigests: readonly BlindIndex[];
}

/** A new user, and the profile to store. */
export interface NewUser {
  readonly claim: IdentityClaim;
  readonly profile: Profile;
  /** JSON, see `IdentityEntity.imported`. */
  readonly imported?: string;
}

/** The change of an identity's profile. */
export interface ProfileUpdate {
  /** One that is new, or whose subject changed. */
  readonly alias?: IdentityAlias | null;
  readonly values: ReadonlyMap<ProfileField, string | null>;
  readonly assertedFields: readonly ProfileField[];
  readonly platformFields: readonly ProfileField[];
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
}
