import { ShownEntity } from '../../store/team.entity';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const listingPlatforms = [
  'android',
  'ios',
  'linux',
  'macos',
  'openweb3',
  'telegram',
  'web',
  'windows',
] as const;
export type ListingPlatform = (typeof listingPlatforms)[number];

/** People outside the team see only published listings. */
export const listingStates = ['drafted', 'published'] as const;
export type ListingState = (typeof listingStates)[number];

/** 3 to 32 lower-case letters and digits, with single hyphens between them. */
export const LISTING_KEY = /^(?=.{3,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export interface PlatformOfListing {
  readonly platform: ListingPlatform;
  readonly url: string | null;
}

/** What an application shows about itself to people of all applications. Its team belongs to the same application. */
@Entity('listings')
export class ListingEntity extends ShownEntity {
  /** The team whose members write the listing. It is `null` before one is assigned, and after it was deleted. */
  @Column({ type: 'uuid', nullable: true })
  teamId: string | null;

  /** The key with which programs find the listing. It never changes. */
  @Column({ type: 'text', collation: 'C' })
  key: string;

  @Column({ type: 'text', nullable: true })
  category: string | null;

  @Column({ type: 'jsonb', default: [] })
  platforms: readonly PlatformOfListing[];

  @Column({ type: 'timestamptz', nullable: true })
  publishedAt: Date | null;
}

export type Listing = ListingEntity & {
  readonly team: { readonly id: string; readonly name: string } | null;
};

export function stateOf({ publishedAt }: Pick<ListingEntity, 'publishedAt'>): ListingState {
  return publishedAt === null ? 'drafted' : 'published';
}

/** A listing that a person marked in an application. Other applications do not see it. */
@Entity('favourites')
export class FavouriteEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  /** The application of the session in which the person marked it. */
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @PrimaryColumn({ type: 'uuid' })
  listingId: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
