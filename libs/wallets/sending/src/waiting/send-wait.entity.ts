import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { sealedJson, type Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

/** What is sent when the waiting is over. */
export interface WaitingRequest {
  readonly request: Readonly<Record<string, unknown>>;
  /** The greatest fee that the person has seen, as decimal text. */
  readonly maxFee: string;
}

/** By send, under the key of the wallet. */
export const sealedRequest = sealedJson<WaitingRequest>('send_waits', 'request');

/** Why and how long a send waits, while it does. */
@Entity('send_waits')
@Check('chk_send_waits_until', '(waits_until IS NULL) <> (launch_until IS NULL)')
export class SendWaitEntity {
  @PrimaryColumn({ name: 'send_id', type: 'uuid', primaryKeyConstraintName: 'pk_send_waits' })
  @ForeignKey('SendEntity', { name: 'fk_send_waits_send', onDelete: 'CASCADE' })
  sendId: string;

  /** JSON of a `WaitingRequest`, under the key of the wallet. */
  @Personal({
    what: 'what an embedded wallet sends when a delay is over, or a launch confirms it',
    why: 'to sign it then',
    retention: 'while it waits',
    visibleTo: ['person'],
  })
  @Column({ type: 'text' })
  request: Sealed;

  /** When it is decided again; `null` while it waits for a launch. */
  @Column({ name: 'waits_until', type: 'timestamptz', nullable: true })
  waitsUntil: Date | null;

  /** Until when a launch may name it, and from that launch on its person confirm it; `null` where it waits for none. */
  @Column({ name: 'launch_until', type: 'timestamptz', nullable: true })
  launchUntil: Date | null;

  /** When a launch named it. */
  @Column({ name: 'launched_at', type: 'timestamptz', nullable: true })
  launchedAt: Date | null;

  /** When its person confirmed it in the session of that launch. */
  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;
}
