import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import type { UserStatus } from '../user';

@Entity('users')
export class UserEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  status: UserStatus;

  /** Wrapped by the key ring. All personal fields of the person are sealed under it. */
  @Secret()
  @Column({ type: 'text' })
  dataKey: Sealed;

  @Column({ type: 'uuid' })
  auditPseudonym: string;

  /** Earlier proofs do not count when they are presented per request. */
  @Column({ type: 'timestamptz', nullable: true })
  authNotBefore: Date | null;

  /** When the platform itself first identified the person, by a proof of the founding identity. */
  @Column({ type: 'timestamptz', nullable: true })
  platformProvenAt: Date | null;

  /**
   * The latest `not_before` of `user_applications`. A reader that waited for this row's lock sees its current value,
   * but sees the other table as of the statement's snapshot.
   */
  @Column({ type: 'timestamptz', nullable: true })
  applicationsNotBefore: Date | null;

  /** Whether `user_erasures` has a row for the user. Sign-ins read this column instead. */
  @Column({ type: 'boolean', default: false })
  isClosed: boolean;

  /** Whether the user ever set a field of an own profile. If not, readers skip its tables. */
  @Column({ type: 'boolean', default: false })
  hasProfile: boolean;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** The days on which a user was in an application, and the instants from which the user's proofs count there. */
@Entity('user_applications')
export class UserApplicationEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  /** In UTC, as `2026-11-20`. */
  @Column({ type: 'date' })
  firstSeenOn: string;

  @Column({ type: 'date' })
  lastSeenOn: string;

  /** Earlier proofs do not count there. It is set when a session restricted to the application ends all sessions. */
  @Column({ type: 'timestamptz', nullable: true })
  notBefore: Date | null;

  /** Like `notBefore`, for proofs that the platform has not signed for a bot of the application itself. */
  @Column({ type: 'timestamptz', nullable: true })
  weakNotBefore: Date | null;
}

/** The former id of a merged account, which still identifies its person. */
@Entity('user_aliases')
export class UserAliasEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
