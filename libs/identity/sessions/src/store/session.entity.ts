import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import type { Assurance } from '@countersign/users';
import type { DoorName, EndReason, StoredRotation } from '../session-words';

/** Longer than init data is valid: a later proof must find why its session ended. */
export const ENDED_SESSION_DAYS = 30;

/** One sign-in on one device, for one application. Tokens are stored as digests only. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  /** `null` only for an ended session: its identity was detached. */
  @Column({ name: 'identity_id', type: 'uuid', nullable: true })
  identityId: string | null;

  /**
   * The bot whose token the proof rests on. It may be removed: no foreign key, which would scan all sessions
   * on removal.
   */
  @Column({ name: 'bot_row_id', type: 'uuid', nullable: true })
  botRowId: string | null;

  /** The end of its step-up. */
  @Column({ name: 'step_up_expires_at', type: 'timestamptz', nullable: true })
  stepUpExpiresAt: Date | null;

  /**
   * The assurance of the step-up's proof; `null` without one, or where it was not stored: then it reaches
   * nothing.
   */
  @Column({ name: 'step_up_assurance', type: 'text', nullable: true })
  stepUpAssurance: Assurance | null;

  /** The bot that the proof of the step-up rests on, as `provider/environment/id`. */
  @Column({ name: 'step_up_bot', type: 'text', nullable: true })
  stepUpBot: string | null;

  /** The operator of a merely allowed bot can open such a session, so it never reaches the account plane. */
  @Column({ name: 'is_of_allowed_bot', type: 'boolean', default: false })
  isOfAllowedBot: boolean;

  /**
   * RFC 7638 thumbprint of the key that has to prove every use of the session's tokens (RFC 9449); `null` for
   * a session that is not bound.
   */
  @Column({ name: 'device_key_thumbprint', type: 'text', nullable: true })
  deviceKeyThumbprint: string | null;

  /** When the proof that opened the session was presented without that key. */
  @Column({ name: 'reentry_refused_at', type: 'timestamptz', nullable: true })
  reentryRefusedAt: Date | null;

  @Column({ type: 'text' })
  assurance: Assurance;

  /** By which it was opened; `null` for one that was opened before this column was there. */
  @Column({ type: 'text', nullable: true })
  door: DoorName | null;

  /**
   * When a proof was last verified, at sign-in, re-entry or step-up; `null` for a session older than the
   * column.
   */
  @Column({ name: 'authenticated_at', type: 'timestamptz', nullable: true })
  authenticatedAt: Date | null;

  /**
   * The date of the proof that opened the session; `null` for an undated one, and for a session older than the column.
   */
  @Column({ name: 'proof_made_at', type: 'timestamptz', nullable: true })
  proofMadeAt: Date | null;

  @Column({ type: 'text', array: true })
  scopes: readonly string[];

  @Personal({
    what: 'name of the device',
    why: 'so that the person can tell their sessions apart',
    retention: `until ${ENDED_SESSION_DAYS} days after the end of the session`,
    visibleTo: ['person'],
  })
  @Column({ name: 'device_name', type: 'text', nullable: true })
  deviceName: Sealed | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** The session ends here unless it is refreshed before. */
  @Column({ name: 'idle_expires_at', type: 'timestamptz' })
  idleExpiresAt: Date;

  /** The absolute end of the session. */
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'access_digest', type: 'bytea' })
  accessDigest: Buffer;

  /** The access token ends here unless it is used before. */
  @Column({ name: 'access_idle_expires_at', type: 'timestamptz' })
  accessIdleExpiresAt: Date;

  @Column({ name: 'access_expires_at', type: 'timestamptz' })
  accessExpiresAt: Date;

  /** The previous access token, for requests in flight. */
  @Column({ name: 'prior_access_digest', type: 'bytea', nullable: true })
  priorAccessDigest: Buffer | null;

  @Column({ name: 'prior_access_expires_at', type: 'timestamptz', nullable: true })
  priorAccessExpiresAt: Date | null;

  /**
   * Digest of the secret shared by all refresh tokens of one chain: distinguishes a used token from an
   * invented one.
   */
  @Column({ name: 'family_digest', type: 'bytea' })
  familyDigest: Buffer;

  @Column({ name: 'refresh_digest', type: 'bytea' })
  refreshDigest: Buffer;

  /** The refresh token used last, and those used within the last seconds, each with its successor sealed under it. */
  @Column({ type: 'jsonb' })
  rotations: readonly StoredRotation[];

  /** A refresh issued the current pair, and neither of its tokens was used yet. */
  @Column({ name: 'awaits_first_use', type: 'boolean', default: false })
  awaitsFirstUse: boolean;

  /** Policy of the application at sign-in, in seconds. */
  @Column({ name: 'access_idle_in', type: 'integer' })
  accessIdleIn: number;

  @Column({ name: 'access_absolute_in', type: 'integer' })
  accessAbsoluteIn: number;

  @Column({ name: 'refresh_idle_in', type: 'integer' })
  refreshIdleIn: number;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason: EndReason | null;
}

/** A row of `sessions`. */
export type Session = Readonly<SessionEntity>;
