import type { DataKey } from '@countersign/crypto';
import type { Locked } from '@countersign/database';
import type { Assurance } from './assurance';

export const userStatuses = ['active', 'deactivated'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** `phoneNumber` is in E.164. `premium` (the person pays the platform for more) is `true` or `false` as text. */
export const profileFields = [
  'firstName',
  'lastName',
  'username',
  'photoUrl',
  'languageCode',
  'phoneNumber',
  'premium',
] as const;
export type ProfileField = (typeof profileFields)[number];

export type Profile = Readonly<Record<ProfileField, string | null>>;

export type FieldAssurances = Readonly<Record<ProfileField, Assurance>>;

/** Profile data from a platform. `null` means that the person has none; an absent field is unknown. */
export type ClaimedProfile = Partial<Profile>;

/** Another name of the identity at an issuer, such as the `sub` of an OpenID provider for one client. */
export interface IdentityAlias {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
}

export interface IdentityKey {
  /** The application that the proof was made for. */
  readonly applicationId: string;
  readonly provider: string;
  readonly environment: string;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
}

/** The key of a proof, and the facts that decide which instants invalidate it. */
export interface PresentedKey extends IdentityKey {
  readonly assurance?: Assurance;
  /** See `VerifiedProof`. */
  readonly botId?: string | null;
  readonly botRowId?: string | null;
}

/** The identity that a verified proof names. Features add what their proofs say. */
export interface IdentityClaim extends IdentityKey {
  /** Overwrites older claims. */
  readonly profile: ClaimedProfile;
  /** Data from a less reliable source or in another form. It fills empty fields and overwrites nothing. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** The date of the claim; `null` for an undated proof, which counts as older than any other. */
  readonly madeAt: Date | null;
  readonly assurance: Assurance;
}

export interface IdentityTrust {
  /** The weakest assurance that it was attached by. It caps the assurance of its sessions. */
  readonly cap: Assurance;
  readonly isFounding: boolean;
  /** The platform itself has identified the account's person. Only proofs of the founding identity count. */
  readonly isProven: boolean;
}

export interface Identity extends Pick<IdentityTrust, 'cap' | 'isFounding'> {
  readonly id: string;
  readonly provider: string;
  readonly environment: string;
  readonly subject: string;
  readonly profile: Profile;
  readonly given: FieldAssurances;
  readonly createdAt: Date;
}

/** The user of a claim, with the data that a request without a session needs. */
export interface KnownPerson extends IdentityTrust {
  readonly userId: string;
  readonly identityId: string;
  readonly status: UserStatus;
  /** The account's erasure is requested. */
  readonly isClosed: boolean;
  /** Earlier proofs do not count, in all applications or in the requested one. */
  readonly authNotBefore: Date | null;
  /** The day of the last visit to the requested application, as `2026-11-20` in UTC; `null` before the first. */
  readonly lastSeenOn: string | null;
}

export type LockedUser = Locked<{
  readonly userId: string;
  readonly status: UserStatus;
  readonly isClosed: boolean;
  readonly auditPseudonym: string;
  readonly dataKey: DataKey;
}>;

/** The user that a claim belongs to. */
export type FoundUser = KnownPerson &
  LockedUser & {
    readonly isNew: boolean;
    /** The session that the proof opens does not count as a fresh sign-in. */
    readonly isDoubtful?: boolean;
  };

export interface User {
  readonly id: string;
  readonly status: UserStatus;
  /** The account's erasure is requested. */
  readonly isClosed: boolean;
  readonly hasProfile: boolean;
  readonly createdAt: Date;
  readonly identities: readonly Identity[];
}
