import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** The source of the code: a start parameter that the platform signed, or the application itself. */
export type ReferralSource = 'start-param' | 'body';

/**
 * A node in the tree of an application. A constraint makes a parent older than its children, and a trigger prevents its
 * replacement. An account has one node, or several after merges. An erased account leaves an anonymous node.
 */
@Entity('referral_nodes')
export class ReferralNodeEntity {
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @PrimaryColumn({ type: 'bigint', default: () => "nextval('referral_nodes_sequence')" })
  id: string;

  /** The first node of the account in the application. All nodes of the account share it, also after an erasure. */
  @Column({ type: 'bigint' })
  personId: string;

  /** It is `null` after an erasure. */
  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  /** The node of the referrer. It is `null` for a person without one. */
  @Column({ type: 'bigint', nullable: true })
  parentId: string | null;

  @Column({ type: 'text', nullable: true })
  source: ReferralSource | null;

  /** The digest of the bound identity under the application's key. It makes the identity count once in two years. */
  @Column({ type: 'bytea', nullable: true })
  digest: Buffer | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/**
 * The key of the digests of an application's nodes. An erased identity has no other trace, so its digest cannot be
 * computed again. The ring seals the key, which outlives all keys of the ring.
 */
@Entity('referral_keys')
export class ReferralKeyEntity {
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;
}

/** The code with which an account refers others. The code of a merged account stays valid. */
@Entity('referral_codes')
export class ReferralCodeEntity {
  @PrimaryColumn({ type: 'text' })
  code: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'bigint' })
  nodeId: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
