import { ApiProperty } from '@nestjs/swagger';
import { Flag, Id, ListOf, Nested, Text } from '@countersign/http';
import { declareFields, visibilities, type OwnField, type Visibility } from '../fields/own-field';

class SocialLinkResponse {
  @Text('What the link is called.', 'Blog', { optional: true })
  label?: string;

  @Text('An https URL.', 'https://example.com/ada')
  url: string;
}

const A_PICTURE = 'An https or ipfs URL of at most 1024 characters.';
const FIELD = { input: 'required', nullable: true } as const;

/** The text fields of answers and patches; `null` for an unset field. */
export class TextFields {
  @Text('1 to 64 characters, as people count them; one script per word.', 'Ada Lovelace', FIELD)
  displayName: string | null;

  @Text(
    '2 to 100 characters: words of `a-z`, `A-Z`, `0-9`, `_` and `-`, with single dots and spaces between them. Unique, also among names that look alike.',
    'ada_lovelace',
    FIELD,
  )
  username: string | null;

  @Text(A_PICTURE, 'https://example.com/ada.png', FIELD)
  avatarUrl: string | null;

  @Text(A_PICTURE, null, FIELD)
  bannerUrl: string | null;

  @Text('About the person: 1 to 280 characters, as people count them.', 'Computes.', FIELD)
  biography: string | null;

  @Text('A contact; stored without verification.', 'ada@example.com', FIELD)
  email: string | null;

  @Text('A contact in E.164; stored without verification.', '+4930123456', FIELD)
  phone: string | null;
}

/** A person's own fields; `null` if a field is unset or the caller may not see it. */
export class ShownFieldsResponse extends TextFields {
  @ListOf(SocialLinkResponse, 'Links to other sites.', { schema: { example: [] } })
  links: readonly SocialLinkResponse[];

  @Flag('Whether the address is known to be the person’s.', false)
  emailVerified: boolean;

  @Flag('Whether the number is known to be the person’s.', false)
  phoneVerified: boolean;
}

class VisibilityResponse {
  readonly [field: string]: Visibility;
}
declareFields(VisibilityResponse, () =>
  ApiProperty({ description: 'Who sees the field.', enum: visibilities, example: 'private' }),
);

/** The fields that the person has set, as the caller's session may see them. */
export class OwnProfileResponse extends ShownFieldsResponse {
  @ApiProperty({ description: 'Preferences in the application of the session.', type: Object, example: {} })
  preferences: Readonly<Record<string, unknown>>;

  @Nested(VisibilityResponse, 'Who sees each field.')
  visibility: Readonly<Record<OwnField, Visibility>>;
}

/** The profile that another person shows. */
export class UserResponse {
  @Id('The id of the account; of a merged one that of the survivor.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Nested(ShownFieldsResponse, 'The fields that the caller may see.')
  profile: ShownFieldsResponse;
}
