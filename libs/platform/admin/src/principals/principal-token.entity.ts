import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';
import type { Scope } from '../scopes';

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
  scopes: Scope[];

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
