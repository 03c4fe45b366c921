import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The heartbeat of one running process. */
@Entity('replicas')
export class ReplicaEntity {
  /** Of the process, new at each start. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_replicas' })
  id: string;

  @Column({ type: 'text' })
  version: string;

  /** The check value of each key in its ring, by `<purpose>/<key id>`. */
  @Column({ type: 'jsonb' })
  keys: Readonly<Record<string, string>>;

  /** Its clock minus that of the database, in seconds. */
  @Column({ name: 'clock_skew_seconds', type: 'integer' })
  clockSkewSeconds: number;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt: Date;

  /** By the clock of the database. */
  @Column({ name: 'seen_at', type: 'timestamptz' })
  seenAt: Date;
}
