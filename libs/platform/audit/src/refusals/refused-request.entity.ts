import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Why a request was refused, for a few days: without what it presented, and without its caller. */
@Entity('refused_requests')
export class RefusedRequestEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_refused_requests' })
  id: string;

  /** Chosen by the caller, and so not unique. */
  @Index('ix_refused_requests_request_id')
  @Column({ name: 'request_id', type: 'text' })
  requestId: string;

  @Column({ type: 'text' })
  code: string;

  @Column({ type: 'integer' })
  status: number;

  /** The pattern of the route. */
  @Column({ type: 'text' })
  route: string;

  @Column({ name: 'application_id', type: 'uuid', nullable: true })
  applicationId: string | null;

  @Index('ix_refused_requests_refused_at')
  @Column({ name: 'refused_at', type: 'timestamptz' })
  refusedAt: Date;
}
