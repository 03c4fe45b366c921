import type { BlindIndex } from '@countersign/crypto';
import type { RowOf } from '@countersign/database';
import type { IdentityContent } from '../store/profile-sealing';
import type { PROFILE } from '../store/user.columns';
import type { FoundUser, IdentityAlias, IdentityClaim, Profile, ProfileField } from '../user';

/** The personal data of an identity as it is stored, with its origin. */
export interface StoredProfile extends Omit<RowOf<typeof PROFILE>, 'content'> {
  /** Decrypts when it is first called. */
  readonly content: () => IdentityContent;
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
export interface ProfileUpdate extends Omit<StoredProfile, 'content' | 'storedFields'> {
  readonly values: ReadonlyMap<ProfileField, string | null>;
  /** One that is new, or whose subject changed. */
  readonly alias?: IdentityAlias | null;
}
