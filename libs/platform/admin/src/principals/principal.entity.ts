import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';

export const principalStatuses = ['active', 'disabled'] as const;
export type PrincipalStatus = (typeof principalStatuses)[number];

/** The value of `createdBy` for principals that the company's OpenID provider created: its claims name their scopes. */
export const PROVIDER = 'provider';

/** A caller of the administration API: a person of the company's provider, or a machine with secrets. */
@Entity('principals')
export class PrincipalEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** A unique name that operators choose. The audit trail shows it too. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  status: PrincipalStatus;

  @Column({ type: 'text', array: true })
  scopes: string[];

  /** Issuer and subject of a person at the company's OpenID provider; null for a principal with secrets. */
  @Column({ type: 'text', nullable: true })
  providerSubject: string | null;

  /** The actor's name in the audit trail; null for a principal that is older than this column. */
  @Column({ type: 'text', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** A principal gets tokens with this secret. The secret has 256 random bits, so SHA-256 protects it at rest. */
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

  /** The actor's name in the audit trail; null for a secret that is older than this column. */
  @Column({ type: 'text', nullable: true })
  issuedBy: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;
}

/** An access token of a principal, or a console session. Each call reads it, so a removal takes effect at once. */
@Entity('principal_tokens')
@Expires({ at: 'expiresAt', after: 0, data: 'tokens of principals', stored: 'until they expire' })
export class PrincipalTokenEntity {
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  principalId: string;

  /** The scopes that the caller asked for. */
  @Column({ type: 'text', array: true })
  scopes: string[];

  /** The secret that the token was issued for: the token ends with it. `null` after a sign-in at the provider. */
  @Column({ type: 'uuid', nullable: true })
  secretId: string | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** The session of the console. This column and the next two are `null` for an access token. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  beganAt: Date | null;

  /** The end of the session, however much it is used. */
  @Column({ type: 'timestamptz', nullable: true })
  endsAt: Date | null;
}
