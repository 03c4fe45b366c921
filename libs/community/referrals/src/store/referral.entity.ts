import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** What named the referrer: a start parameter that the platform signed, or the application itself. */
export const referralSources = ['start-param', 'body'] as const;
export type ReferralSource = (typeof referralSources)[number];

/**
 * A node in the tree of an application. A parent is older than its children, by a constraint, and never replaced, by a
 * trigger. An account has one, or several after merges; an erased one leaves an anonymous node.
 */
@Entity('referral_nodes')
@Check('chk_referral_nodes_no_circle', 'parent_id < id')
@Check('chk_referral_nodes_person', 'person_id > 0')
@Check('chk_referral_nodes_source', `source IN ('start-param', 'body')`)
@Check('chk_referral_nodes_bound', '(parent_id IS NULL) = (source IS NULL)')
@Index('ix_referral_nodes_digest', ['applicationId', 'digest'], { where: 'digest IS NOT NULL' })
@Index('uq_referral_nodes_person', ['applicationId', 'userId'], { unique: true, where: 'id = person_id' })
@ForeignKey(() => ReferralNodeEntity, ['applicationId', 'parentId'], ['applicationId', 'id'], {
  name: 'fk_referral_nodes_parent',
})
export class ReferralNodeEntity {
  @PrimaryColumn({ name: 'application_id', type: 'uuid', primaryKeyConstraintName: 'pk_referral_nodes' })
  @ForeignKey('ApplicationEntity', { name: 'fk_referral_nodes_application' })
  applicationId: string;

  @PrimaryColumn({
    type: 'bigint',
    primaryKeyConstraintName: 'pk_referral_nodes',
    default: () => "nextval('referral_nodes_sequence')",
  })
  id: string;

  /** The first node of its account in the application, which is the same for all of them, also after an erasure. */
  @Column({ name: 'person_id', type: 'bigint' })
  personId: string;

  /** `null` after an erasure. */
  @Index('ix_referral_nodes_user')
  @ForeignKey('UserEntity', { name: 'fk_referral_nodes_user', onDelete: 'SET NULL' })
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId: string | null;

  /** The referrer's; `null` for a person who came without one. */
  @Column({ name: 'parent_id', type: 'bigint', nullable: true })
  parentId: string | null;

  @Column({ type: 'text', nullable: true })
  source: ReferralSource | null;

  /** Of the index key, and of the identity that was bound: it is counted once in two years. */
  @Column({ name: 'digest_key_id', type: 'text', nullable: true })
  digestKeyId: string | null;

  @Column({ type: 'bytea', nullable: true })
  digest: Buffer | null;

  @Index('ix_referral_nodes_digest_at', { where: 'digest IS NOT NULL' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

/**
 * The transitive closure of the tree, ten levels up. A sign-up inserts the rows of its own node and changes no
 * other.
 */
@Entity('referral_paths')
@Check('chk_referral_paths_level', 'level BETWEEN 1 AND 10')
@Check('chk_referral_paths_no_circle', 'ancestor_id < node_id')
@Index('ix_referral_paths_ancestor', ['ancestorId', 'level', 'nodeId', 'isMerged'])
export class ReferralPathEntity {
  @PrimaryColumn({ name: 'node_id', type: 'bigint', primaryKeyConstraintName: 'pk_referral_paths' })
  nodeId: string;

  /** 1 for the referrer. */
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'pk_referral_paths' })
  level: number;

  @Index('ix_referral_paths_merged', { where: 'is_merged' })
  @Column({ name: 'ancestor_id', type: 'bigint' })
  ancestorId: string;

  /** Whether the account of the node has several: it counts once. */
  @Column({ name: 'is_merged', type: 'boolean', default: false })
  isMerged: boolean;
}

/** The code by which an account refers others. The code of a merged account stays valid. */
@Entity('referral_codes')
@Check('chk_referral_codes_code', `code ~ '^[a-hjkmnp-z2-9]{12}$'`)
@Unique('uq_referral_codes_node', ['applicationId', 'nodeId'])
@ForeignKey(() => ReferralNodeEntity, ['applicationId', 'nodeId'], ['applicationId', 'id'], {
  name: 'fk_referral_codes_node',
})
export class ReferralCodeEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_referral_codes' })
  code: string;

  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ name: 'node_id', type: 'bigint' })
  nodeId: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
