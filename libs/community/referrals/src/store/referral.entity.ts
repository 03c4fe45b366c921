import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** What named the referrer: a start parameter that the platform signed, or the application itself. */
export type ReferralSource = 'start-param' | 'body';

/**
 * A node in the tree of an application. A parent is older than its children, by a constraint, and never replaced, by a
 * trigger. An account has one, or several after merges; an erased one leaves an anonymous node.
 */
@Entity('referral_nodes')
export class ReferralNodeEntity {
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @PrimaryColumn({ type: 'bigint', default: () => "nextval('referral_nodes_sequence')" })
  id: string;

  /** The first node of its account in the application, which is the same for all of them, also after an erasure. */
  @Column({ type: 'bigint' })
  personId: string;

  /** `null` after an erasure. */
  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  /** The referrer's; `null` for a person who came without one. */
  @Column({ type: 'bigint', nullable: true })
  parentId: string | null;

  @Column({ type: 'text', nullable: true })
  source: ReferralSource | null;

  /** Of the identity that was bound, under the key of the application: the identity is counted once in two years. */
  @Column({ type: 'bytea', nullable: true })
  digest: Buffer | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/**
 * The key of the digests of an application's nodes. An erased identity has no other trace, so its digest cannot be computed
 * again: the key is sealed by the ring, and outlives all keys of the ring.
 */
@Entity('referral_keys')
export class ReferralKeyEntity {
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;
}

/** The code by which an account refers others. The code of a merged account stays valid. */
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
