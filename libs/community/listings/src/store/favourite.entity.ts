import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A listing that a person marked in an application. Other applications do not see it. */
@Entity('favourites')
export class FavouriteEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  /** Of the session in which the person marked it. */
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @PrimaryColumn({ type: 'uuid' })
  listingId: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
