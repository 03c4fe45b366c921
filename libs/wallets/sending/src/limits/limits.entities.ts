import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal, Secret } from '@countersign/database';

/** What all wallets, or the compatible APIs of an application, sent of an asset of late. Its row is locked while a send counts. */
@Entity('send_sums')
export class SendSumEntity {
  /** `brake` or the id of the application, and the asset. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_send_sums' })
  id: string;

  /** JSON of `Buckets`: in clear it would tell the amount of a send that was alone in its minute. */
  @Secret()
  @Column({ type: 'text' })
  sums: Sealed;
}

/** Limits that a person set for a wallet. */
@Entity('wallet_send_limits')
export class WalletSendLimitsEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_send_limits' })
  @ForeignKey('WalletEntity', { name: 'fk_wallet_send_limits_wallet', onDelete: 'CASCADE' })
  walletId: string;

  /** JSON of `LimitsJson`, under the key of the wallet. */
  @Personal({
    what: 'limits that a person set for what an embedded wallet sends, with recipients',
    why: 'to refuse what the person does not want sent',
    retention: 'until the account is erased',
    visibleTo: ['person'],
  })
  @Column({ type: 'text' })
  limits: Sealed;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt: Date;
}

/** An address that a wallet sent to, or wanted to. */
@Entity('send_recipients')
@Unique('uq_send_recipients_digest', ['walletId', 'digest'])
@Check('chk_send_recipients_digest', 'octet_length(digest) = 32')
export class SendRecipientEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_send_recipients' })
  id: string;

  @ForeignKey('WalletEntity', { name: 'fk_send_recipients_wallet', onDelete: 'CASCADE' })
  @Column({ name: 'wallet_id', type: 'uuid' })
  walletId: string;

  /** HMAC of chain and address, under the key of the wallet. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  /** JSON of a `Recipient`, under the key of the wallet. */
  @Personal({
    what: 'an address that a person sent to from an embedded wallet, or wanted to',
    why: 'to delay the first send to an address',
    retention: 'until the person removes it, or the account is erased',
    visibleTo: ['person'],
  })
  @Column({ type: 'text' })
  recipient: Sealed;

  /** When the person first wanted to send to it. */
  @Column({ name: 'known_since', type: 'timestamptz' })
  knownSince: Date;
}
