import { PartialType, PickType } from '@nestjs/swagger';
import { Id, ListOf, Matching, OneOf, PageQuery, Text, type FieldOptions } from '@countersign/http';
import { TeamFields } from '../../team-fields';
import { listingPlatforms, type ListingPlatform } from '../store/listing.entity';

const MAX_NAME_LENGTH = 256;
const SHARED = ['name', 'description', 'logoUrl', 'bannerUrl', 'websiteUrl', 'socialLinks'] as const;
const SLUG = /^(?=.{1,32}$)[a-z0-9]+(-[a-z0-9]+)*$/;

function CategoryField(description: string, options: FieldOptions): PropertyDecorator {
  return Matching(description, 'strategy-games', {
    pattern: SLUG,
    message: 'must be lower-case letters and digits with single hyphens between them, at most 32 characters',
    ...options,
  });
}

export class ListingPlatformRequest {
  @OneOf(listingPlatforms, 'The platform.', 'telegram', { input: 'required', name: 'ListingPlatform' })
  platform: ListingPlatform;

  @Text('Where it is found there: an https URL.', 'https://t.me/owls_bot/play', { input: 'removable' })
  url?: string | null;
}

export class ListingFields extends PickType(TeamFields, SHARED) {
  @CategoryField('Lower-case letters, digits and hyphens.', { input: 'required', nullable: true })
  category: string | null;
}

/** A JSON merge patch (RFC 7396). Missing fields stay, and `null` removes a field. */
export class ListingPatch extends PartialType(ListingFields, { skipNullProperties: false }) {
  @ListOf(ListingPlatformRequest, 'The whole list; each platform once.', {
    input: 'optional',
    list: { max: listingPlatforms.length },
  })
  platforms?: ListingPlatformRequest[];

  @OneOf(['drafted', 'published'], 'Whether everyone sees it.', 'published', { input: 'optional' })
  state?: 'drafted' | 'published';
}

export class ListingsQuery extends PageQuery {
  @Text('The beginning of names; by name then.', 'nigh', { input: 'optional', max: MAX_NAME_LENGTH })
  name?: string;

  @CategoryField('Only those in this category.', { input: 'optional' })
  category?: string;

  @OneOf(listingPlatforms, 'Only those on this platform.', 'telegram', { input: 'optional' })
  platform?: ListingPlatform;

  @Id('Only those of this team; its members see drafts too.', undefined, { input: 'optional' })
  teamId?: string;
}
