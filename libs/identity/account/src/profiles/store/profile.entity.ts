import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal, PublicCopy } from '@countersign/database';
import type { Assurance } from '@countersign/users';
import type { FieldSettings, OwnTexts } from '../fields/own-field';

/** The profile that a person writes about themselves, across all platforms. */
@Entity('profiles')
export class ProfileEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  /** JSON without unset fields. `username_digests` finds a username. */
  @Personal()
  @Column({ type: 'text' })
  content: Sealed;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  fieldSettings: FieldSettings;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** Copies of the public fields. By the person's choice, they are the only personal data in clear text. */
@Entity('public_profiles')
export class PublicProfileEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @PublicCopy()
  @Column({ type: 'jsonb' })
  texts: Partial<OwnTexts>;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

@Entity('profile_preferences')
export class ProfilePreferencesEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  /** JSON. */
  @Personal()
  @Column({ type: 'text' })
  preferences: Sealed;

  /** The assurance of the session that set them. */
  @Column({ type: 'text' })
  assurance: Assurance;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** Keyed digests of usernames, folded for look-alikes, one for each index key. They make a username unique. */
@Entity('username_digests')
export class UsernameDigestEntity {
  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  userId: string;
}
