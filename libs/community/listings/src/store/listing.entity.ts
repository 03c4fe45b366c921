import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

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

/** `hidden`: by an operator. Only published listings are shown to people outside the team. */
export const listingStates = ['drafted', 'published', 'hidden'] as const;
export type ListingState = (typeof listingStates)[number];

/** 3 to 32 lower-case letters and digits, with single hyphens between them. */
export const LISTING_KEY = /^(?=.{3,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A platform on which the application runs, and where it is found there. */
export interface PlatformOfListing {
  readonly platform: ListingPlatform;
  readonly url: string | null;
}

/** What an application shows of itself to people of all applications. Its team is of the same application. */
@Entity('listings')
@Unique('uq_listings_application', ['applicationId'])
@Unique('uq_listings_key', ['key'])
@Unique('uq_listings_name', ['nameKey'])
@Index('ix_listings_published', ['id'], { where: 'published_at IS NOT NULL AND hidden_at IS NULL' })
@Index('ix_listings_category', ['category', 'id'])
@Index('ix_listings_team', ['teamId', 'id'])
@Check('chk_listings_key', `key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(key) BETWEEN 3 AND 32`)
@Check('chk_listings_category', `category ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(category) <= 32`)
@Check('chk_listings_social_links', 'cardinality(social_links) <= 8')
@Check('chk_listings_platforms', 'jsonb_array_length(platforms) <= 8')
@ForeignKey('TeamEntity', ['teamId', 'applicationId'], ['id', 'applicationId'], {
  name: 'fk_listings_team',
  onDelete: 'SET NULL',
})
export class ListingEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_listings' })
  id: string;

  @ForeignKey('ApplicationEntity', { name: 'fk_listings_application' })
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  /** Members of it write the listing. `null` before one is assigned, and after it was erased. */
  @Column({ name: 'team_id', type: 'uuid', nullable: true })
  teamId: string | null;

  /** By which programs find the listing. It never changes. */
  @Column({ type: 'text', collation: 'C' })
  key: string;

  @Column({ type: 'text' })
  name: string;

  /** Equal for names that look alike, see `foldTeamName`. */
  @Column({ name: 'name_key', type: 'text', collation: 'C' })
  nameKey: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ name: 'logo_url', type: 'text', nullable: true })
  logoUrl: string | null;

  @Column({ name: 'banner_url', type: 'text', nullable: true })
  bannerUrl: string | null;

  @Column({ name: 'website_url', type: 'text', nullable: true })
  websiteUrl: string | null;

  @Column({ name: 'social_links', type: 'text', array: true, default: [] })
  socialLinks: string[];

  @Column({ type: 'text', nullable: true })
  category: string | null;

  @Column({ type: 'jsonb', default: [] })
  platforms: readonly PlatformOfListing[];

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** When a field or the team last changed. */
  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  /** `null` for a drafted one. */
  @Column({ name: 'published_at', type: 'timestamptz', nullable: true })
  publishedAt: Date | null;

  @Column({ name: 'hidden_at', type: 'timestamptz', nullable: true })
  hiddenAt: Date | null;
}

/** A listing, with its team unless that is deleted. */
export type Listing = ListingEntity & {
  readonly team: { readonly id: string; readonly name: string } | null;
};

export function stateOf({
  publishedAt,
  hiddenAt,
}: Pick<ListingEntity, 'publishedAt' | 'hiddenAt'>): ListingState {
  if (hiddenAt !== null) return 'hidden';
  return publishedAt === null ? 'drafted' : 'published';
}
