import type { DataKey } from '@countersign/crypto';

export const userStatuses = ['active', 'deactivated'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** What is known of a person. */
export interface Profile {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly photoUrl: string | null;
  readonly languageCode: string | null;
  /** E.164. */
  readonly phoneNumber: string | null;
}

export type ProfileField = keyof Profile;

/** What a platform says of a person. `null` means that it has none; a field that is absent was not spoken of. */
export type ClaimedProfile = Partial<Profile>;

/** Another name of the identity at an issuer, such as the `sub` of an OpenID provider for one client. */
export interface IdentityAlias {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
}

/** What an identity is found by. */
export interface IdentityKey {
  readonly provider: string;
  readonly environment: string;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
}

/** Who a verified proof says somebody is. */
export interface IdentityClaim extends IdentityKey {
  /** Overwrites what an older claim said. */
  readonly profile: ClaimedProfile;
  /** Said by somebody less reliable, or in other words: fills what is empty, and overwrites nothing. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** When it was said; `null` when the proof has no date, and so is older than any other. */
  readonly madeAt: Date | null;
}

/** The user that a claim belongs to, locked until the end of the transaction. */
export interface FoundUser {
  readonly userId: string;
  readonly identityId: string;
  readonly status: UserStatus;
  readonly auditPseudonym: string;
  readonly isNew: boolean;
  /** What was issued before has been taken back. */
  readonly authNotBefore: Date | null;
  /** Under which other modules seal what they keep of this person. */
  readonly dataKey: DataKey;
}

export interface Identity {
  readonly id: string;
  readonly provider: string;
  readonly environment: string;
  readonly subject: string;
  readonly profile: Profile;
  readonly createdAt: Date;
}

/** Who stands behind a claim, as far as a request without a session needs to know. */
export interface KnownPerson {
  readonly userId: string;
  readonly identityId: string;
  readonly status: UserStatus;
  /** Proofs made before count for nothing. */
  readonly authNotBefore: Date | null;
}

/** A user as they may see themselves. */
export interface User {
  readonly id: string;
  readonly status: UserStatus;
  readonly createdAt: Date;
  readonly identities: readonly Identity[];
}
