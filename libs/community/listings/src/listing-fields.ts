import type { FieldError } from '@countersign/errors';
import { requestError } from '@countersign/http';
import { readHttpsUrl } from '@countersign/profiles';
import { readTeamFields, type TeamFields } from '@countersign/teams';
import type { ListingPatch, ListingPlatformRequest } from './dto/listing.request';
import type { ListingEntity, PlatformOfListing } from './store/listing.entity';

/** The fields that members of the team change, in their normal forms. */
export type ListingFields = TeamFields & Pick<ListingEntity, 'category' | 'platforms'>;

/**
 * The fields that a merge patch sets, with normal forms of the values. Names, texts and links have the rules of teams.
 * @throws AppError request.invalid naming the fields
 */
export function readListingFields({
  category,
  platforms,
  state: _,
  ...shown
}: ListingPatch): Partial<ListingFields> {
  return {
    ...readTeamFields(shown),
    ...(category === undefined ? {} : { category }),
    ...(platforms === undefined ? {} : { platforms: readPlatforms(platforms ?? []) }),
  };
}

function readPlatforms(input: readonly ListingPlatformRequest[]): readonly PlatformOfListing[] {
  const errors: FieldError[] = [];
  const read = input.map(({ platform, url = null }, index) => {
    const shown = url === null ? null : readHttpsUrl(url);
    if (url !== null && shown === null)
      errors.push({
        path: `platforms.${index}.url`,
        code: 'https_url',
        detail: 'must be an https URL of a public name',
      });
    if (input.findIndex((other) => other.platform === platform) !== index)
      errors.push({
        path: `platforms.${index}.platform`,
        code: 'duplicate',
        detail: 'must not be in the list twice',
      });
    return { platform, url: shown };
  });
  if (errors.length > 0) throw requestError('request.invalid', { fields: errors });
  return read;
}
