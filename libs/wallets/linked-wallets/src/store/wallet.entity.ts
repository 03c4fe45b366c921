import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

export const walletKinds = ['connected', 'embedded', 'linked'] as const;
export type WalletKind = (typeof walletKinds)[number];

const WALLET_RETENTION = 'until the wallet is unlinked or the account is erased';

/**
 * A wallet of a person: `linked` by a proof of its owner, the address being the subject of the identity; `connected` by such a
 * proof to be shown and used, which is no identity; or `embedded`, whose key the custody process has.
 */
@Entity('wallets')
@Unique('uq_wallets_identity', ['identityId'])
@Index('uq_wallets_primary', ['userId'], { unique: true, where: 'is_primary' })
@Index('ix_wallets_user', ['userId', 'id'])
@Index('ix_wallets_owners_changed', ['id'], { where: 'owners_changed_at IS NOT NULL' })
@ForeignKey('IdentityEntity', ['userId', 'identityId'], ['userId', 'id'], {
  name: 'fk_wallets_own_identity',
  onDelete: 'CASCADE',
  deferrable: 'INITIALLY DEFERRED',
})
@Check('chk_wallets_application', `application_id IS NULL OR kind = 'embedded' AND NOT is_primary`)
@Check(
  'chk_wallets_kind',
  `kind IN ('connected', 'embedded', 'linked') AND (kind = 'linked') = (identity_id IS NOT NULL) AND (kind = 'linked') = (address IS NULL) AND NOT (is_primary AND kind = 'connected') AND (kind = 'connected' OR chain_id IS NULL)`,
)
export class WalletEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_wallets' })
  id: string;

  @ForeignKey('UserEntity', { name: 'fk_wallets_user' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  /** `null` for a connected or embedded wallet: it signs in to no account. */
  @Column({ name: 'identity_id', type: 'uuid', nullable: true })
  identityId: string | null;

  @Column({ type: 'text' })
  kind: WalletKind;

  /** That of the identity: `ethereum` or `ton`. */
  @Column({ type: 'text' })
  provider: string;

  /** That of the identity. */
  @Column({ type: 'text' })
  environment: string;

  /**
   * Of an embedded wallet: the only application that uses it, where the session that made it did not reach the account. Such a wallet
   * is never the primary one.
   */
  @Column({ name: 'application_id', type: 'uuid', nullable: true })
  @ForeignKey('ApplicationEntity', { name: 'fk_wallets_application' })
  applicationId: string | null;

  /** CAIP-2, of a contract wallet, which is connected: its address may have other owners elsewhere. `null` for one of a key. */
  @Column({ name: 'chain_id', type: 'text', nullable: true })
  chainId: string | null;

  @Personal({
    what: 'name that the person gave a wallet',
    why: 'to show it to the person',
    retention: WALLET_RETENTION,
    visibleTo: ['person'],
  })
  @Column({ type: 'text', nullable: true })
  label: Sealed | null;

  @Column({ name: 'is_primary', type: 'boolean' })
  isPrimary: boolean;

  /** Of a connected or embedded wallet: as `ProvenWallet` has it. */
  @Personal({
    what: 'address of a connected or embedded wallet',
    why: 'to show it, to read its balances, and to sign with an embedded one',
    retention: WALLET_RETENTION,
    visibleTo: ['person'],
  })
  @Column({ type: 'text', nullable: true })
  address: Sealed | null;

  /** Under the data key of the person. Seals what is stored about the wallet. */
  @Personal({
    what: 'key of what is stored about a wallet',
    why: 'to seal them, and to destroy them at once',
    retention: WALLET_RETENTION,
    visibleTo: [],
  })
  @Column({ name: 'wallet_key', type: 'text' })
  walletKey: Sealed;

  /** JSON of a `WalletEvidence`: how the address was proven. */
  @Personal({
    what: 'how a wallet was proven: the kind of the message, for a contract wallet the block, and the key of a wallet of TON whose key may change',
    why: 'to show what the link proves, and to notice another key',
    retention: WALLET_RETENTION,
    visibleTo: ['person'],
  })
  @Column({ type: 'text', nullable: true })
  evidence: Sealed | null;

  /** Of an embedded wallet: when it was created. Of a linked one that was connected before: since when it was. */
  @Column({ name: 'linked_at', type: 'timestamptz' })
  linkedAt: Date;

  /** When the wallet was last proven. */
  @Column({ name: 'checked_at', type: 'timestamptz' })
  checkedAt: Date;

  /** When a wallet of TON was proven by another key than before. Another identity of the account sets it back. */
  @Column({ name: 'owners_changed_at', type: 'timestamptz', nullable: true })
  ownersChangedAt: Date | null;

  /** How many of these changes were found. Names the last one: two may be found at one instant. */
  @Column({ name: 'owners_changes', type: 'integer', default: 0 })
  ownersChanges: number;
}

/**
 * Keyed digests of the address of a connected or embedded wallet, one per index key: no proof links that of an embedded one,
 * and a link ends connections elsewhere.
 */
@Entity('wallet_address_digests')
@Index('ix_wallet_address_digests_digest', ['keyId', 'digest'])
export class WalletAddressDigestEntity {
  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_wallet_address_digests' })
  keyId: string;

  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_address_digests' })
  @Index('ix_wallet_address_digests_wallet')
  @ForeignKey(() => WalletEntity, { name: 'fk_wallet_address_digests_wallet', onDelete: 'CASCADE' })
  walletId: string;

  /** HMAC-SHA256 under the index key. */
  @Column({ type: 'bytea' })
  digest: Buffer;
}
