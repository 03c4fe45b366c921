import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

/** The platforms of wallets. Their proofs are signed by a key of the person, and by no bot. */
export const walletProviders = ['ethereum', 'ton'] as const;
export type WalletProvider = (typeof walletProviders)[number];

export const walletKinds = ['connected', 'embedded', 'linked'] as const;
export type WalletKind = (typeof walletKinds)[number];

/**
 * A wallet of a person: `linked` by a proof of its owner, the address being the subject of the identity; `connected` by such a
 * proof to be shown and used, which is no identity; or `embedded`, whose key the custody process has.
 */
@Entity('wallets')
export class WalletEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  userId: string;

  /** `null` for a connected or embedded wallet: it signs in to no account. */
  @Column({ type: 'uuid', nullable: true })
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
  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  /** CAIP-2, of a contract wallet, which is connected: its address may have other owners elsewhere. `null` for one of a key. */
  @Column({ type: 'text', nullable: true })
  chainId: string | null;

  @Personal()
  @Column({ type: 'text', nullable: true })
  label: Sealed | null;

  @Column({ type: 'boolean' })
  isPrimary: boolean;

  /** Of a connected or embedded wallet: as `ProvenWallet` has it. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  address: Sealed | null;

  /** Under the data key of the person. Seals what is stored about the wallet. */
  @Personal()
  @Column({ type: 'text' })
  walletKey: Sealed;

  /** JSON of a `WalletEvidence`: how the address was proven. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  evidence: Sealed | null;

  /** Of an embedded wallet: when it was created. Of a linked one that was connected before: since when it was. */
  @Column({ type: 'timestamptz' })
  linkedAt: Date;

  /** When the wallet was last proven. */
  @Column({ type: 'timestamptz' })
  checkedAt: Date;
}

/**
 * Keyed digests of the address of a connected or embedded wallet, one per index key: no proof links that of an embedded one,
 * and a link ends connections elsewhere.
 */
@Entity('wallet_address_digests')
export class WalletAddressDigestEntity {
  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  /** HMAC-SHA256 under the index key. */
  @Column({ type: 'bytea' })
  digest: Buffer;
}
