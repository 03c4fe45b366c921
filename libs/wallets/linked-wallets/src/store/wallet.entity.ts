import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

/** The platforms of wallets. A key of the person signs their proofs, and no bot does. */
export const walletProviders = ['ethereum', 'ton'] as const;
export type WalletProvider = (typeof walletProviders)[number];

export const walletKinds = ['connected', 'embedded', 'linked'] as const;
export type WalletKind = (typeof walletKinds)[number];

/**
 * A wallet of a person. `linked`: its owner proved it, and the address is the identity's subject. `connected`: its
 * owner proved it to show and use it; it is no identity. `embedded`: custody has its key.
 */
@Entity('wallets')
export class WalletEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  userId: string;

  /** `null` for a connected or embedded wallet, which signs in to no account. */
  @Column({ type: 'uuid', nullable: true })
  identityId: string | null;

  @Column({ type: 'text' })
  kind: WalletKind;

  /** The identity's provider: `ethereum` or `ton`. */
  @Column({ type: 'text' })
  provider: string;

  @Column({ type: 'text' })
  environment: string;

  /** The only application of an embedded wallet whose session had no access to the account. Never primary. */
  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  /** The CAIP-2 id of a contract wallet, whose address may have other owners elsewhere; `null` for a key's wallet. */
  @Column({ type: 'text', nullable: true })
  chainId: string | null;

  @Personal()
  @Column({ type: 'text', nullable: true })
  label: Sealed | null;

  @Column({ type: 'boolean' })
  isPrimary: boolean;

  /** Only for a connected or embedded wallet, in the form of `ProvenWallet`. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  address: Sealed | null;

  /** Sealed under the person's data key. It seals the rows about the wallet. */
  @Personal()
  @Column({ type: 'text' })
  walletKey: Sealed;

  /** JSON of a `WalletEvidence`. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  evidence: Sealed | null;

  /** When the wallet was created, linked or connected. Linking a connected wallet does not change it. */
  @Column({ type: 'timestamptz' })
  linkedAt: Date;

  @Column({ type: 'timestamptz' })
  checkedAt: Date;
}

/**
 * Keyed digests of a connected or embedded wallet's address, one for each index key. They prevent that a proof links an
 * embedded wallet's address, and let a link end connections elsewhere.
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
