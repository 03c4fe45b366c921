import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsString, ValidateNested } from 'class-validator';
import { MayBeAbsent, MayBeRemoved } from '@countersign/http';
import { visibilities, type Visibility } from '../fields/own-field';

/** As in `read-change.ts`, which this class cannot import. */
const MAX_LINKS = 8;

export class SocialLinkPatch {
  @ApiPropertyOptional({ description: 'At most 32 characters.', example: 'Blog' })
  @MayBeAbsent()
  @IsString()
  label?: string;

  @ApiProperty({ description: 'An https URL.', example: 'https://example.com/ada' })
  @IsString()
  url: string;
}

function Text(description: string, example: string): PropertyDecorator {
  return (target, property) => {
    ApiPropertyOptional({ type: String, nullable: true, description, example })(target, property);
    MayBeRemoved()(target, property);
    IsString()(target, property);
  };
}

function Shown(): PropertyDecorator {
  return (target, property) => {
    const description = 'Who sees the field; `null` makes it private.';
    ApiPropertyOptional({ type: String, nullable: true, description, example: 'public' })(target, property);
    MayBeRemoved()(target, property);
    IsIn(visibilities)(target, property);
  };
}

export class VisibilityPatch {
  @Shown()
  displayName?: Visibility | null;

  @Shown()
  username?: Visibility | null;

  @Shown()
  avatarUrl?: Visibility | null;

  @Shown()
  bannerUrl?: Visibility | null;

  @Shown()
  biography?: Visibility | null;

  @Shown()
  links?: Visibility | null;

  @Shown()
  email?: Visibility | null;

  @Shown()
  phone?: Visibility | null;
}

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class ProfilePatch {
  @Text('1 to 64 characters, as people count them; one script per word.', 'Ada Lovelace')
  displayName?: string | null;

  @Text(
    '5 to 32 characters of `a-z`, `0-9` and `_`; upper case becomes lower case. Unique, also among names that look alike.',
    'ada_lovelace',
  )
  username?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com/ada.png')
  avatarUrl?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com/banner.png')
  bannerUrl?: string | null;

  @Text('1 to 280 characters, as people count them.', 'Computes.')
  biography?: string | null;

  @ApiPropertyOptional({
    type: [SocialLinkPatch],
    nullable: true,
    description: 'The whole list, of at most 8.',
    example: [{ label: 'Blog', url: 'https://example.com/ada' }],
  })
  @MayBeRemoved()
  @IsArray()
  @ArrayMaxSize(MAX_LINKS)
  // A list within the list would be validated as links of its own.
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => SocialLinkPatch)
  links?: SocialLinkPatch[] | null;

  @Text('A contact; stored without verification.', 'ada@example.com')
  email?: string | null;

  @Text('A contact in E.164; stored without verification.', '+4930123456')
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

  @ApiPropertyOptional({
    type: VisibilityPatch,
    nullable: true,
    description: 'Who sees each field. Fields are private at first; `null` makes all of them private.',
  })
  @MayBeRemoved()
  @IsObject()
  @ValidateNested()
  @Type(() => VisibilityPatch)
  visibility?: VisibilityPatch | null;
}
