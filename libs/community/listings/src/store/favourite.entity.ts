import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A listing that a person marked in an application. Other applications do not see it. */
@Entity('favourites')
export class FavouriteEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'pk_favourites' })
  @ForeignKey('UserEntity', { name: 'fk_favourites_user' })
  userId: string;

  /** Of the session in which the person marked it. */
  @PrimaryColumn({ name: 'application_id', type: 'uuid', primaryKeyConstraintName: 'pk_favourites' })
  @ForeignKey('ApplicationEntity', { name: 'fk_favourites_application' })
  applicationId: string;

  @PrimaryColumn({ name: 'listing_id', type: 'uuid', primaryKeyConstraintName: 'pk_favourites' })
  @ForeignKey('ListingEntity', { name: 'fk_favourites_listing' })
  listingId: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
