import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal, PublicCopy } from '@countersign/database';
import type { Assurance } from '@countersign/users';
import type { FieldSettings, OwnTexts } from '../fields/own-field';

/** What a person says about themselves, across all platforms. */
@Entity('profiles')
export class ProfileEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  /** JSON of the fields that are set. A username is found by `username_digests`. */
  @Personal()
  @Column({ type: 'text' })
  content: Sealed;

  /** Who sees each field, and what set it. */
  @Column({ type: 'jsonb', default: () => `'{}'` })
  fieldSettings: FieldSettings;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** Copies of the public fields: the only personal data in clear text, by the person's choice. */
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

  /** Of the session that set them. */
  @Column({ type: 'text' })
  assurance: Assurance;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** Keyed digests of usernames, folded for look-alikes, one per index key: what makes a name unique. */
@Entity('username_digests')
export class UsernameDigestEntity {
  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  userId: string;
}
