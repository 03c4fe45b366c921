import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a mark says: counted as a referral of an application, or removed from a team. */
export const markKinds = ['referral', 'team-removal'] as const;
export type MarkKind = (typeof markKinds)[number];

/**
 * What an application or a team has to know of an identity after it has left its account: by a keyed digest, which tells
 * nothing without the index key. One row per index key.
 */
@Entity('identity_marks')
@Check('chk_identity_marks_kind', `kind IN ('referral', 'team-removal')`)
@Index('ix_identity_marks_digest', ['keyId', 'digest', 'aboutId'])
export class IdentityMarkEntity {
  @PrimaryColumn({ name: 'mark_id', type: 'uuid', primaryKeyConstraintName: 'pk_identity_marks' })
  markId: string;

  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_identity_marks' })
  keyId: string;

  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'text' })
  kind: MarkKind;

  /** The application or the team. */
  @Column({ name: 'about_id', type: 'uuid' })
  aboutId: string;

  /** Of a removal: the newest invitation of the team at that time. It and older ones are refused. */
  @Column({ name: 'up_to_id', type: 'uuid', nullable: true })
  upToId: string | null;

  /** When the person was referred or removed. */
  @Column({ type: 'timestamptz' })
  at: Date;

  @Index('ix_identity_marks_ends_at')
  @Column({ name: 'ends_at', type: 'timestamptz' })
  endsAt: Date;
}
