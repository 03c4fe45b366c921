import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { visibilities, type Visibility } from '../fields/own-field';

export class SocialLinkResponse {
  @ApiPropertyOptional({ description: 'What the link is called.', example: 'Blog' })
  label?: string;

  @ApiProperty({ description: 'An https URL.', example: 'https://example.com/ada' })
  url: string;
}

/** Own fields of a person; `null` where there is none or the caller may not see it. */
export class ShownFieldsResponse {
  @ApiProperty({ description: 'The display name.', type: String, nullable: true, example: 'Ada Lovelace' })
  displayName: string | null;

  @ApiProperty({ description: 'The unique username.', type: String, nullable: true, example: 'ada_lovelace' })
  username: string | null;

  @ApiProperty({
    description: 'The URL of the avatar.',
    type: String,
    nullable: true,
    example: 'https://example.com/ada.png',
  })
  avatarUrl: string | null;

  @ApiProperty({ description: 'The URL of the banner.', type: String, nullable: true, example: null })
  bannerUrl: string | null;

  @ApiProperty({ description: 'About the person.', type: String, nullable: true, example: 'Computes.' })
  biography: string | null;

  @ApiProperty({ description: 'Links to other sites.', type: [SocialLinkResponse], example: [] })
  links: readonly SocialLinkResponse[];

  @ApiProperty({ description: 'A contact.', type: String, nullable: true, example: 'ada@example.com' })
  email: string | null;

  @ApiProperty({ description: 'Whether the address is known to be the person’s.', example: false })
  emailVerified: boolean;

  @ApiProperty({ description: 'A contact in E.164.', type: String, nullable: true, example: '+4930123456' })
  phone: string | null;

  @ApiProperty({ description: 'Whether the number is known to be the person’s.', example: false })
  phoneVerified: boolean;
}

function Shown(example: Visibility): PropertyDecorator {
  return ApiProperty({ description: 'Who sees the field.', enum: visibilities, example });
}

export class VisibilityResponse {
  @Shown('public')
  displayName: Visibility;

  @Shown('public')
  username: Visibility;

  @Shown('application')
  avatarUrl: Visibility;

  @Shown('private')
  bannerUrl: Visibility;

  @Shown('private')
  biography: Visibility;

  @Shown('private')
  links: Visibility;

  @Shown('private')
  email: Visibility;

  @Shown('private')
  phone: Visibility;
}

/** What the person has set, as the session of the caller may see it. */
export class OwnProfileResponse extends ShownFieldsResponse {
  @ApiProperty({
    description: 'Preferences in the application of the session.',
    type: Object,
    example: {},
  })
  preferences: Readonly<Record<string, unknown>>;

  @ApiProperty({ description: 'Who sees each field.', type: VisibilityResponse })
  visibility: VisibilityResponse;
}

/** What another person shows. */
export class UserResponse {
  @ApiProperty({
    description: 'The id of the account; of a merged one that of the survivor.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;

  @ApiProperty({ description: 'The fields that the caller may see.', type: ShownFieldsResponse })
  profile: ShownFieldsResponse;
}

export class UsernameAvailabilityResponse {
  @ApiProperty({ description: 'The username as it would be stored.', example: 'ada_lovelace' })
  username: string;

  @ApiProperty({ description: 'Whether the caller could choose it now.', example: true })
  isAvailable: boolean;
}
