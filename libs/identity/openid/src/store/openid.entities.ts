import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Expires, Secret } from '@countersign/database';

export const idTokenAlgorithms = ['RS256', 'ES256'] as const;
export type IdTokenAlgorithm = (typeof idTokenAlgorithms)[number];

@Entity('openid_clients')
export class OpenidClientEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  /** Whether people have to consent before it gets anything. */
  @Column({ type: 'boolean' })
  isThirdParty: boolean;

  /** `null` for a public client. The secret has 256 random bits, so its SHA-256 is enough at rest. */
  @Column({ type: 'bytea', nullable: true })
  secretDigest: Buffer | null;

  @Column({ type: 'text' })
  algorithm: IdTokenAlgorithm;

  @Column({ type: 'text', array: true })
  scopes: string[];

  @Column({ type: 'text', array: true })
  redirectUrls: string[];

  @Column({ type: 'text', array: true })
  afterLogoutUrls: string[];

  /** The address for back-channel logout; `null` for none. */
  @Column({ type: 'text', nullable: true })
  logoutUrl: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/** Records of the library, and requests to sign in by phone. */
@Entity('openid_records')
@Expires({ at: 'expiresAt', after: 0, data: 'records of the OpenID provider', stored: 'until they expire' })
export class OpenidRecordEntity {
  /** SHA-256 of the model and the id, which is the token itself. */
  @PrimaryColumn({ type: 'text' })
  digest: string;

  @Column({ type: 'text' })
  model: string;

  @Column({ type: 'uuid', nullable: true })
  clientId: string | null;

  /** The person's session with which the record ends; `null` before the sign-in. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'text', nullable: true })
  grantDigest: string | null;

  /** The digest of another id: the `uid` of a session, or the code that a device shows. */
  @Column({ type: 'text', nullable: true })
  otherDigest: string | null;

  @Secret()
  @Column({ type: 'text' })
  content: Sealed;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}

/** The end of a session that a client has not confirmed yet. */
@Entity('openid_logouts')
export class OpenidLogoutEntity {
  @PrimaryColumn({ type: 'uuid' })
  clientId: string;

  /** The session's id for the client. */
  @PrimaryColumn({ type: 'text' })
  sid: string;

  @Column({ type: 'smallint' })
  attempts: number;

  @Column({ type: 'timestamptz' })
  dueAt: Date;
}

/** A person's consent to a client of a third party. */
@Entity('openid_consents')
export class OpenidConsentEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @PrimaryColumn({ type: 'uuid' })
  clientId: string;

  /** A random `sub` for the client. It stays the same after a revocation and another consent. */
  @Column({ type: 'uuid' })
  subject: string;

  /** Empty after a revocation. */
  @Column({ type: 'text', array: true })
  scopes: string[];

  @Column({ type: 'timestamptz' })
  givenAt: Date;
}

/** A client that the person has seen: it needs no question to sign the person in. */
@Entity('openid_seen_clients')
export class OpenidSeenClientEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @PrimaryColumn({ type: 'uuid' })
  clientId: string;

  /** SHA-256 of the client at that time. A changed client has to be shown again. */
  @Column({ type: 'text' })
  digest: string;

  @Column({ type: 'timestamptz' })
  seenAt: Date;
}

export const openidEntities = [
  OpenidClientEntity,
  OpenidConsentEntity,
  OpenidLogoutEntity,
  OpenidRecordEntity,
  OpenidSeenClientEntity,
] as const;
