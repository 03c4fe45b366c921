import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';

export const principalStatuses = ['active', 'disabled'] as const;
export type PrincipalStatus = (typeof principalStatuses)[number];

/** The company's OpenID provider as `createdBy`: where its claims name scopes, it makes principals of its people. */
export const PROVIDER = 'provider';

/** A person of the company's provider, or a machine with secrets, that may call the administration API. */
@Entity('principals')
export class PrincipalEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Chosen by operators, unique; also in the audit trail. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  status: PrincipalStatus;

  @Column({ type: 'text', array: true })
  scopes: string[];

  /** Issuer and subject of a person who signs in at the company's OpenID provider; null for one with secrets. */
  @Column({ type: 'text', nullable: true })
  providerSubject: string | null;

  /** As the audit trail names it; null for one from before this was stored. */
  @Column({ type: 'text', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** A secret that a principal gets tokens with. It has 256 random bits, so its SHA-256 is enough at rest. */
@Entity('principal_secrets')
export class PrincipalSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  principalId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'bytea' })
  digest: Buffer;

  /** As the audit trail names it; null for one from before this was stored. */
  @Column({ type: 'text', nullable: true })
  issuedBy: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;
}

/** An access token of a principal, or a session of the console. Looked up for every call, so that a removal is effective at once. */
@Entity('principal_tokens')
@Expires({ at: 'expiresAt', after: 0, data: 'tokens of principals', stored: 'until they expire' })
export class PrincipalTokenEntity {
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  principalId: string;

  /** Those that were asked for. */
  @Column({ type: 'text', array: true })
  scopes: string[];

  /** The secret that it was issued for: with it the token ends. `null` after a sign-in at the provider. */
  @Column({ type: 'uuid', nullable: true })
  secretId: string | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** Of a session of the console, as are the next two; `null` for an access token. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  beganAt: Date | null;

  /** However much it is used. */
  @Column({ type: 'timestamptz', nullable: true })
  endsAt: Date | null;
}
