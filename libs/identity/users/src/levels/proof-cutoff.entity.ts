import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Assurance } from '../assurance';
import { IdentityEntity } from '../store/identity.entity';

/**
 * From when on some proofs of one identity count. Read only where `users.applications_not_before` says that there may be one.
 * Those of all identities are outdated by `users.auth_not_before` and `user_applications.not_before`.
 */
@Entity('proof_cutoffs')
@Check('chk_proof_cutoffs_assurance', `assurance IN ('vendor', 'bot-token', 'platform')`)
export class ProofCutoffEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_proof_cutoffs' })
  id: string;

  @Index('ix_proof_cutoffs_identity')
  @ForeignKey(() => IdentityEntity, { name: 'fk_proof_cutoffs_identity', onDelete: 'CASCADE' })
  @Column({ name: 'identity_id', type: 'uuid' })
  identityId: string;

  /** Of proofs that were made for it; of all when null. */
  @ForeignKey('ApplicationEntity', { name: 'fk_proof_cutoffs_application' })
  @Column({ name: 'application_id', type: 'uuid', nullable: true })
  applicationId: string | null;

  /** Of proofs that are not stronger. */
  @Column({ type: 'text' })
  assurance: Assurance;

  /** Only of proofs that a bot signed which the application merely allows. */
  @Column({ name: 'of_allowed_bots', type: 'boolean' })
  ofAllowedBots: boolean;

  @Column({ name: 'not_before', type: 'timestamptz' })
  notBefore: Date;
}
