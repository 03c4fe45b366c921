import type { DataKey } from '@countersign/crypto';

export const userStatuses = ['active', 'deactivated'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** What a platform says of a person. `null` means that the platform was asked and has none. */
export interface Profile {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly photoUrl: string | null;
  readonly languageCode: string | null;
}

export type ProfileField = keyof Profile;

/** Who a verified proof says somebody is. */
export interface IdentityClaim {
  readonly provider: string;
  readonly environment: string;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
  readonly profile: Profile;
  /** When the platform said so: an older claim does not overwrite a newer profile. */
  readonly madeAt: Date;
}

/** The user that a claim belongs to, locked until the end of the transaction. */
export interface FoundUser {
  readonly userId: string;
  readonly identityId: string;
  readonly status: UserStatus;
  readonly auditPseudonym: string;
  readonly isNew: boolean;
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

/** A user as they may see themselves. */
export interface User {
  readonly id: string;
  readonly status: UserStatus;
  readonly createdAt: Date;
  readonly identities: readonly Identity[];
}
