import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A listing that a person marked in an application. Other applications do not see it. */
@Entity('favourites')
export class FavouriteEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId: string;

  /** Of the session in which the person marked it. */
  @PrimaryColumn({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @PrimaryColumn({ name: 'listing_id', type: 'uuid' })
  listingId: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
