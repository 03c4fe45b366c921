import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { ListOf, MayBeRemoved, Nested, OneOf, Text } from '@countersign/http';
import { declareFields, MAX_LINKS, visibilities, type OwnField, type Visibility } from '../fields/own-field';

export class SocialLinkPatch {
  @Text('At most 32 characters.', 'Blog', { input: 'optional' })
  label?: string;

  @Text('An https URL.', 'https://example.com/ada', { input: 'required' })
  url: string;
}

class VisibilityPatch {
  readonly [field: string]: Visibility | null;
}
declareFields(VisibilityPatch, () =>
  OneOf(visibilities, 'Who sees the field; `null` makes it private.', 'public', { input: 'removable' }),
);

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class ProfilePatch {
  @Text('1 to 64 characters, as people count them; one script per word.', 'Ada Lovelace', {
    input: 'removable',
  })
  displayName?: string | null;

  @Text(
    '2 to 100 characters: words of `a-z`, `A-Z`, `0-9`, `_` and `-`, with single dots and spaces between them. Unique, also among names that look alike.',
    'ada_lovelace',
    { input: 'removable' },
  )
  username?: string | null;

  @Text('An https or ipfs URL of at most 1024 characters.', 'https://example.com/ada.png', {
    input: 'removable',
  })
  avatarUrl?: string | null;

  @Text('An https or ipfs URL of at most 1024 characters.', 'https://example.com/banner.png', {
    input: 'removable',
  })
  bannerUrl?: string | null;

  @Text('1 to 280 characters, as people count them.', 'Computes.', { input: 'removable' })
  biography?: string | null;

  @ListOf(SocialLinkPatch, 'The whole list, of at most 8.', {
    input: 'removable',
    list: { max: MAX_LINKS },
    schema: { example: [{ label: 'Blog', url: 'https://example.com/ada' }] },
  })
  links?: SocialLinkPatch[] | null;

  @Text('A contact; stored without verification.', 'ada@example.com', { input: 'removable' })
  email?: string | null;

  @Text('A contact in E.164; stored without verification.', '+4930123456', { input: 'removable' })
  phone?: string | null;

  @ApiPropertyOptional({
    type: Object,
    nullable: true,
    description:
      'Preferences in the application of the session, merged in depth. At most 4096 bytes and 5 levels as a whole.',
    example: { theme: 'dark' },
  })
  @MayBeRemoved()
  @IsObject()
  preferences?: Record<string, unknown> | null;

  @Nested(
    VisibilityPatch,
    'Who sees each field. Fields are private at first; `null` makes all of them private.',
    { input: 'removable' },
  )
  visibility?: Partial<Record<OwnField, Visibility | null>> | null;
}
