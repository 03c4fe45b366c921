import { ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { ListOf, MayBeRemoved, Nested, OneOf, Text } from '@countersign/http';
import { declareFields, MAX_LINKS, visibilities, type OwnField, type Visibility } from '../fields/own-field';
import { TextFields } from './profile.response';

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

/** A JSON merge patch (RFC 7396): absent fields stay unchanged, and `null` removes a field. */
export class ProfilePatch extends PartialType(TextFields, { skipNullProperties: false }) {
  @ListOf(SocialLinkPatch, 'The whole list, of at most 8.', {
    input: 'removable',
    list: { max: MAX_LINKS },
    schema: { example: [{ label: 'Blog', url: 'https://example.com/ada' }] },
  })
  links?: SocialLinkPatch[] | null;

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
