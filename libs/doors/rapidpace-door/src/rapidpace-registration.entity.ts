import { Entity, PrimaryColumn } from 'typeorm';

/** A record that Rapidpace has sent as a registration: a link with the same record may be older than others. */
@Entity('rapidpace_registrations')
export class RapidpaceRegistrationEntity {
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  /** Of the record, as of a proof: a digest. */
  @PrimaryColumn({ type: 'bytea' })
  proofId: Buffer;
}
