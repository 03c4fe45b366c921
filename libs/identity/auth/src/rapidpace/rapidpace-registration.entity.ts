import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A record that Rapidpace has sent as a registration: a link with the same record may be older than others. */
@Entity('rapidpace_registrations')
export class RapidpaceRegistrationEntity {
  @PrimaryColumn({
    name: 'application_id',
    type: 'uuid',
    primaryKeyConstraintName: 'pk_rapidpace_registrations',
  })
  @ForeignKey('ApplicationEntity', { name: 'fk_rapidpace_registrations_application' })
  applicationId: string;

  /** Of the record, as of a proof: a digest. */
  @PrimaryColumn({
    name: 'proof_id',
    type: 'bytea',
    primaryKeyConstraintName: 'pk_rapidpace_registrations',
  })
  proofId: Buffer;

  @Column({ name: 'registered_at', type: 'timestamptz' })
  registeredAt: Date;
}
