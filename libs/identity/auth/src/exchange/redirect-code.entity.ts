import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SealedBytes } from '@countersign/crypto';
import { Personal, Expires } from '@countersign/database';
import { HOUR, SECOND } from '@countersign/clock';

/** A one-time code that a redirect door hands to the page it ends at. */
@Entity('redirect_codes')
@Expires({
  at: 'expiresAt',
  after: HOUR / SECOND,
  data: 'one-time codes',
  stored: 'an hour after they expired',
})
export class RedirectCodeEntity {
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** The verified proof, sealed under the code itself. */
  @Personal({
    what: 'verified proof of a sign-in by redirect, with its profile fields',
    why: 'to hand the sign-in to the page that it ends at',
    retention: 'until about an hour after the code expired, which is a minute after its issue',
    visibleTo: [],
  })
  @Column({ type: 'bytea' })
  content: SealedBytes;

  /** Of PKCE (RFC 7636, S256): the exchange has to present its verifier. */
  @Column({ type: 'text', nullable: true })
  codeChallenge: string | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}
