import { ApiProperty } from '@nestjs/swagger';
import { Flag, Id, ListOf, Nested, Text } from '@countersign/http';
import { declareFields, visibilities, type OwnField, type Visibility } from '../fields/own-field';

class SocialLinkResponse {
  @Text('What the link is called.', 'Blog', { optional: true })
  label?: string;

  @Text('An https URL.', 'https://example.com/ada')
  url: string;
}

/** Own fields of a person; `null` where there is none or the caller may not see it. */
export class ShownFieldsResponse {
  @Text('The display name.', 'Ada Lovelace', { nullable: true })
  displayName: string | null;

  @Text('The unique username.', 'ada_lovelace', { nullable: true })
  username: string | null;

  @Text('The URL of the avatar.', 'https://example.com/ada.png', { nullable: true })
  avatarUrl: string | null;

  @Text('The URL of the banner.', null, { nullable: true })
  bannerUrl: string | null;

  @Text('About the person.', 'Computes.', { nullable: true })
  biography: string | null;

  @ListOf(SocialLinkResponse, 'Links to other sites.', { schema: { example: [] } })
  links: readonly SocialLinkResponse[];

  @Text('A contact.', 'ada@example.com', { nullable: true })
  email: string | null;

  @Flag('Whether the address is known to be the person’s.', false)
  emailVerified: boolean;

  @Text('A contact in E.164.', '+4930123456', { nullable: true })
  phone: string | null;

  @Flag('Whether the number is known to be the person’s.', false)
  phoneVerified: boolean;
}

const examples: Readonly<Record<OwnField, Visibility>> = {
  displayName: 'public',
  username: 'public',
  avatarUrl: 'application',
  bannerUrl: 'private',
  biography: 'private',
  links: 'private',
  email: 'private',
  phone: 'private',
};

class VisibilityResponse {
  readonly [field: string]: Visibility;
}
declareFields(VisibilityResponse, (field) =>
  ApiProperty({ description: 'Who sees the field.', enum: visibilities, example: examples[field] }),
);

/** What the person has set, as the session of the caller may see it. */
export class OwnProfileResponse extends ShownFieldsResponse {
  @ApiProperty({
    description: 'Preferences in the application of the session.',
    type: Object,
    example: {},
  })
  preferences: Readonly<Record<string, unknown>>;

  @Nested(VisibilityResponse, 'Who sees each field.')
  visibility: Readonly<Record<OwnField, Visibility>>;
}

/** What another person shows. */
export class UserResponse {
  @Id('The id of the account; of a merged one that of the survivor.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Nested(ShownFieldsResponse, 'The fields that the caller may see.')
  profile: ShownFieldsResponse;
}
