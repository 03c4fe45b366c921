import type { BlindIndex } from '@countersign/crypto';
import type { FoundUser, IdentityClaim, Profile, ProfileField } from '../user';

/** A user found by a claim, with the profile as it is stored and the key to change it. */
export interface LockedIdentity extends FoundUser {
  readonly profile: Profile;
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
  /** The fields that the platform asserted, and those of them that it signed itself. */
  readonly assertedFields: readonly ProfileField[];
  readonly platformFields: readonly ProfileField[];
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
  readonly values: ReadonlyMap<ProfileField, string | null>;
  readonly assertedFields: readonly ProfileField[];
  readonly platformFields: readonly ProfileField[];
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
}
