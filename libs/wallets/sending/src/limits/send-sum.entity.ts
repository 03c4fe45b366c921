import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';

/** What was sent in a part of a window that a limit slides over. It only grows, and counts until its time is over. */
@Entity('send_sums')
@Expires({
  at: 'startsAt',
  // More than a day and its last part, by clocks that differ.
  after: 25 * 3_600,
  data: 'sums of sends that limits count',
  stored: '25 hours',
})
export class SendSumEntity {
  /**
   * `all` or `compat` with the id of the application, and the asset, for what wallets send together. For one wallet: a digest under
   * its key, which tells nothing without it.
   */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @PrimaryColumn({ type: 'timestamptz' })
  startsAt: Date;

  /** In the smallest unit. */
  @Column({ type: 'numeric' })
  amount: string;
}
