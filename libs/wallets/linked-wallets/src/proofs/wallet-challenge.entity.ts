import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SealedBytes } from '@countersign/crypto';
import { Personal, Expires } from '@countersign/database';
import { HOUR, SECOND } from '@countersign/clock';

/** What a wallet is asked to sign. */
@Entity('wallet_challenges')
@Expires({
  at: 'expiresAt',
  after: HOUR / SECOND,
  data: 'challenges of wallets',
  stored: 'an hour after they expired',
})
export class WalletChallengeEntity {
  /** Of the id of the challenge, which is a secret of who asked for it. */
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** Sealed under the id itself. */
  @Personal({
    what: 'address of a wallet, the text that it is asked to sign, and for whom and for what',
    why: 'to compare it with what the wallet signed',
    retention: 'until about an hour after the challenge expired, which is five minutes after its issue',
    visibleTo: [],
  })
  @Column({ type: 'bytea' })
  content: SealedBytes;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}
