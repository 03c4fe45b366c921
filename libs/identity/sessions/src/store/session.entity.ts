import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import type { Assurance } from '@countersign/users';
import type { LoginMethod, EndReason, StoredRotation } from '../session-words';

/** Longer than init data is valid: a later proof must find why its session ended. */
export const ENDED_SESSION_DAYS = 30;

/** One sign-in on one device, for one application. Tokens are stored as digests only. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'uuid' })
  userId: string;

  /** `null` only for an ended session whose identity was detached. */
  @Column({ type: 'uuid', nullable: true })
  identityId: string | null;

  /** The bot whose token the proof rests on. It may be removed. A foreign key would scan all sessions on removal. */
  @Column({ type: 'uuid', nullable: true })
  botRowId: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  stepUpExpiresAt: Date | null;

  /** The assurance of the step-up's proof. A step-up whose assurance was not stored reaches no level. */
  @Column({ type: 'text', nullable: true })
  stepUpAssurance: Assurance | null;

  /** The bot that the proof of the step-up rests on, as `provider/environment/id`. */
  @Column({ type: 'text', nullable: true })
  stepUpBot: string | null;

  /** The operator of a bot that is only allowed can open such a session, so it never reaches the account plane. */
  @Column({ type: 'boolean', default: false })
  isOfAllowedBot: boolean;

  /** RFC 7638 thumbprint of the key that has to prove every use (RFC 9449); `null` if the session is not bound. */
  @Column({ type: 'text', nullable: true })
  deviceKeyThumbprint: string | null;

  /** When the proof that opened the session was presented without that key. */
  @Column({ type: 'timestamptz', nullable: true })
  reentryRefusedAt: Date | null;

  @Column({ type: 'text' })
  assurance: Assurance;

  /** The login method that opened the session. */
  @Column({ type: 'text' })
  door: LoginMethod;

  /** When a proof was last verified, at sign-in, re-entry or step-up. */
  @Column({ type: 'timestamptz' })
  authenticatedAt: Date;

  /** The date of the proof that opened the session; `null` for an undated one. */
  @Column({ type: 'timestamptz', nullable: true })
  proofMadeAt: Date | null;

  @Column({ type: 'text', array: true })
  scopes: readonly string[];

  @Personal()
  @Column({ type: 'text', nullable: true })
  deviceName: Sealed | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  /** The session ends here unless it is refreshed before. */
  @Column({ type: 'timestamptz' })
  idleExpiresAt: Date;

  /** The absolute end of the session. */
  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'bytea' })
  accessDigest: Buffer;

  /** The access token ends here unless it is used before. */
  @Column({ type: 'timestamptz' })
  accessIdleExpiresAt: Date;

  @Column({ type: 'timestamptz' })
  accessExpiresAt: Date;

  /** The previous access token, for requests in flight. */
  @Column({ type: 'bytea', nullable: true })
  priorAccessDigest: Buffer | null;

  @Column({ type: 'timestamptz', nullable: true })
  priorAccessExpiresAt: Date | null;

  /** Digest of the secret of the chain. It distinguishes a used refresh token from an invented one. */
  @Column({ type: 'bytea' })
  familyDigest: Buffer;

  @Column({ type: 'bytea' })
  refreshDigest: Buffer;

  /** The last used refresh token, and the ones used within the last seconds, each with the seed of its successor. */
  @Column({ type: 'jsonb' })
  rotations: readonly StoredRotation[];

  /** A refresh issued the current pair, and neither of its tokens was used yet. */
  @Column({ type: 'boolean', default: false })
  awaitsFirstUse: boolean;

  /** Policy of the application at sign-in, in seconds. */
  @Column({ type: 'integer' })
  accessIdleIn: number;

  @Column({ type: 'integer' })
  accessAbsoluteIn: number;

  @Column({ type: 'integer' })
  refreshIdleIn: number;

  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  endReason: EndReason | null;

  /** The actor as in the audit trail, or `person`; `null` if the session ran out. */
  @Column({ type: 'text', nullable: true })
  endedBy: string | null;

  /** The OpenID clients that signed in through this browser's session, by their ids; `null` for other sessions. */
  @Column({ type: 'jsonb', nullable: true })
  openidClients: Readonly<Record<string, OpenidClientOfSession>> | null;
}

interface OpenidClientOfSession {
  /** The name at the time of the sign-in. */
  readonly name: string;
  /** Set for a client that signed in by the code of a device (RFC 8628). */
  readonly isDevice?: true;
}

export type Session = Readonly<SessionEntity>;
