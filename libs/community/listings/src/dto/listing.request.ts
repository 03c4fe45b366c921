import { Id, ListOf, Matching, OneOf, PageQuery, Text, type FieldOptions } from '@countersign/http';
import { TeamPatch } from '@countersign/teams';
import { listingPlatforms, type ListingPlatform } from '../store/listing.entity';

const MAX_NAME_LENGTH = 256;
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

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class ListingPatch extends TeamPatch {
  @CategoryField('Lower-case letters, digits and hyphens, at most 32 characters.', { input: 'removable' })
  category?: string | null;

  @ListOf(ListingPlatformRequest, 'The whole list; each platform once.', {
    input: 'removable',
    list: { max: listingPlatforms.length },
  })
  platforms?: ListingPlatformRequest[] | null;

  @OneOf(['drafted', 'published'], 'Whether everyone sees it.', 'published', { input: 'optional' })
  state?: 'drafted' | 'published';
}

export class ListingsQuery extends PageQuery {
  @Text(
    'Only those whose names begin with this; letters that look alike count as one. By name then.',
    'nigh',
    {
      input: 'optional',
      max: MAX_NAME_LENGTH,
    },
  )
  name?: string;

  @CategoryField('Only those in this category.', { input: 'optional' })
  category?: string;

  @OneOf(listingPlatforms, 'Only those on this platform.', 'telegram', {
    input: 'optional',
  })
  platform?: ListingPlatform;

  @Id('Only those of this team; its members see drafts too.', undefined, {
    input: 'optional',
  })
  teamId?: string;
}
