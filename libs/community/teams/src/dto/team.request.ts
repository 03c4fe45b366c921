import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, IsUUID } from 'class-validator';
import { MayBeAbsent, MayBeRemoved } from '@countersign/http';

const MAX_LINKS = 8;

const NAME = {
  description:
    '2 to 64 characters, as people count them; one script per word. Unique in the application, also among names that look ' +
    'alike.',
  example: 'Night Owls',
};

function Text(description: string, example: string): PropertyDecorator {
  return (target, property) => {
    ApiPropertyOptional({ type: String, nullable: true, description, example })(target, property);
    MayBeRemoved()(target, property);
    IsString()(target, property);
  };
}

/** What a team shows of itself, beside its name. */
class ShownTeamPatch {
  @Text('1 to 1000 characters, as people count them.', 'We play at night.')
  description?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com/owl.png')
  logoUrl?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com/night.png')
  bannerUrl?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com')
  websiteUrl?: string | null;

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'https URLs: the whole list, of at most 8.',
    example: ['https://t.me/night_owls'],
  })
  @MayBeRemoved()
  @IsArray()
  @ArrayMaxSize(MAX_LINKS)
  @IsString({ each: true })
  socialLinks?: string[] | null;
}

export class CreateTeamRequest extends ShownTeamPatch {
  @ApiProperty(NAME)
  @IsString()
  name: string;
}

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class TeamPatch extends ShownTeamPatch {
  @ApiPropertyOptional(NAME)
  @MayBeAbsent()
  @IsString()
  name?: string;
}

export class TransferTeamRequest {
  @ApiProperty({
    description: 'The member who becomes the owner.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  @IsUUID()
  userId: string;
}
