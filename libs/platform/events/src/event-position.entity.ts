import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a reader of the events has come: all events of transactions below have been read. */
@Entity('event_positions')
export class EventPositionEntity {
  /** The reader. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'bigint' })
  transaction: string;

  /** The highest sequence that was read, for a database that was restored elsewhere and counts anew. */
  @Column({ type: 'bigint' })
  sequence: string;

  /** Events up to this sequence are of a cluster that the database was restored from, and have been read. */
  @Column({ type: 'bigint' })
  floor: string;
}
