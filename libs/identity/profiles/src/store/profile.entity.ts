import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal, PublicCopy } from '@countersign/database';
import type { Assurance } from '@countersign/users';
import type { FieldSettings } from '../fields/own-field';

const RETENTION = 'until the person removes it, or the account is erased';
const PUBLIC = 'until the person makes the field private or removes it, or the account is erased';

/** What a person says about themselves, across all platforms. */
@Entity('profiles')
export class ProfileEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Personal({
    what: 'display name',
    why: 'so that applications and other people can show it',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ name: 'display_name', type: 'text', nullable: true })
  displayName: Sealed | null;

  /** In lower case, as it was chosen. Found by `username_digests`. */
  @Personal({
    what: 'username',
    why: 'so that other people can find the person by it',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ type: 'text', nullable: true })
  username: Sealed | null;

  @Personal({
    what: 'address of the avatar',
    why: 'so that applications and other people can show the picture',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ name: 'avatar_url', type: 'text', nullable: true })
  avatarUrl: Sealed | null;

  @Personal({
    what: 'address of the banner',
    why: 'so that applications and other people can show the picture',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ name: 'banner_url', type: 'text', nullable: true })
  bannerUrl: Sealed | null;

  @Personal({
    what: 'text about the person',
    why: 'so that applications and other people can show it',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ type: 'text', nullable: true })
  biography: Sealed | null;

  /** JSON. */
  @Personal({
    what: 'links to other sites',
    why: 'so that applications and other people can show them',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ type: 'text', nullable: true })
  links: Sealed | null;

  /** Not verified. */
  @Personal({
    what: 'e-mail address as a contact, not verified',
    why: 'so that applications can reach the person',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ type: 'text', nullable: true })
  email: Sealed | null;

  /** E.164, not verified. */
  @Personal({
    what: 'phone number as a contact, not verified',
    why: 'so that applications can reach the person',
    retention: RETENTION,
    visibleTo: ['person', 'chosen'],
  })
  @Column({ type: 'text', nullable: true })
  phone: Sealed | null;

  /** Who sees each field, and what set it. */
  @Column({ name: 'field_settings', type: 'jsonb', default: () => `'{}'` })
  fieldSettings: FieldSettings;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

/** Copies of the public fields: the only personal data in clear text, by the person's choice. */
@Entity('public_profiles')
export class PublicProfileEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId: string;

  @PublicCopy({
    what: 'display name',
    why: 'so that applications and other people can show it',
    retention: PUBLIC,
  })
  @Column({ name: 'display_name', type: 'text', nullable: true })
  displayName: string | null;

  @PublicCopy({
    what: 'username',
    why: 'so that other people can find the person by it',
    retention: PUBLIC,
  })
  @Column({ type: 'text', nullable: true })
  username: string | null;

  @PublicCopy({
    what: 'address of the avatar',
    why: 'so that applications and other people can show the picture',
    retention: PUBLIC,
  })
  @Column({ name: 'avatar_url', type: 'text', nullable: true })
  avatarUrl: string | null;

  @PublicCopy({
    what: 'address of the banner',
    why: 'so that applications and other people can show the picture',
    retention: PUBLIC,
  })
  @Column({ name: 'banner_url', type: 'text', nullable: true })
  bannerUrl: string | null;

  @PublicCopy({
    what: 'text about the person',
    why: 'so that applications and other people can show it',
    retention: PUBLIC,
  })
  @Column({ type: 'text', nullable: true })
  biography: string | null;

  /** JSON. */
  @PublicCopy({
    what: 'links to other sites',
    why: 'so that applications and other people can show them',
    retention: PUBLIC,
  })
  @Column({ type: 'text', nullable: true })
  links: string | null;

  @PublicCopy({
    what: 'e-mail address as a contact, not verified',
    why: 'so that applications can reach the person',
    retention: PUBLIC,
  })
  @Column({ type: 'text', nullable: true })
  email: string | null;

  @PublicCopy({
    what: 'phone number as a contact, not verified',
    why: 'so that applications can reach the person',
    retention: PUBLIC,
  })
  @Column({ type: 'text', nullable: true })
  phone: string | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

/** A person's preferences in one application. */
@Entity('profile_preferences')
export class ProfilePreferencesEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId: string;

  @PrimaryColumn({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  /** JSON. */
  @Personal({
    what: 'preferences in an application',
    why: 'so that the application is the same on every device',
    retention: RETENTION,
    visibleTo: ['person', 'application'],
  })
  @Column({ type: 'text' })
  preferences: Sealed;

  /** Of the session that set them. */
  @Column({ type: 'text' })
  assurance: Assurance;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

/** Keyed digests of usernames, folded for look-alikes, one per index key: what makes a name unique. */
@Entity('username_digests')
export class UsernameDigestEntity {
  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  /** The holder, or the former holder of a reserved name; `null` after their erasure. */
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId: string | null;

  /** Until when the name is kept from others; `null` while it is in use. */
  @Column({ name: 'held_until', type: 'timestamptz', nullable: true })
  heldUntil: Date | null;
}
