import type { DataKey } from '@countersign/crypto';
import type { Assurance } from './assurance';

export const userStatuses = ['active', 'deactivated'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** `phoneNumber` is in E.164, `premium` (whether the person pays the platform for more) `true` or `false` as text. */
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
  /** Which the proof was made for. */
  readonly applicationId: string;
  readonly provider: string;
  readonly environment: string;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
}

/** Of a proof, with what decides which instants outdate it. */
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
  /** From a less reliable source, or in another form: fills empty fields, and overwrites nothing. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** Its date; `null` for an undated proof, which counts as older than any other. */
  readonly madeAt: Date | null;
  readonly assurance: Assurance;
}

export interface IdentityTrust {
  /** The weakest assurance that it was attached by: it caps that of its sessions. */
  readonly cap: Assurance;
  /** It founded the account. */
  readonly isFounding: boolean;
  /**
   * The platform itself has identified the person of the account. Only proofs of the founding identity count.
   */
  readonly isProven: boolean;
}

export interface Identity extends Pick<IdentityTrust, 'cap' | 'isFounding'> {
  readonly id: string;
  readonly provider: string;
  readonly environment: string;
  readonly subject: string;
  readonly profile: Profile;
  /** The assurance that each field of the profile was given at. */
  readonly given: FieldAssurances;
  readonly createdAt: Date;
}

/** The user of a claim, as far as a request without a session needs it. */
export interface KnownPerson extends IdentityTrust {
  readonly userId: string;
  readonly identityId: string;
  readonly status: UserStatus;
  /** Its erasure is requested. */
  readonly isClosed: boolean;
  /** Earlier proofs do not count, in all applications or in the requested one. */
  readonly authNotBefore: Date | null;
  /**
   * The day of the last visit of the requested application, as `2026-11-20` in UTC; `null` before the first.
   */
  readonly lastSeenOn: string | null;
}

/** The user that a claim belongs to, locked until the end of the transaction. */
export interface FoundUser extends KnownPerson {
  readonly auditPseudonym: string;
  readonly isNew: boolean;
  /** The proof opens a session that is no fresh sign-in. */
  readonly isDoubtful?: boolean;
  readonly dataKey: DataKey;
}

/** A user as they may see themselves. */
export interface User {
  readonly id: string;
  readonly status: UserStatus;
  /** Its erasure is requested. */
  readonly isClosed: boolean;
  readonly hasProfile: boolean;
  readonly createdAt: Date;
  readonly identities: readonly Identity[];
}
