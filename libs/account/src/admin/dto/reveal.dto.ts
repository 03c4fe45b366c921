import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsUUID } from 'class-validator';
import { environments, providers } from '@countersign/applications';
import { MayBeAbsent } from '@countersign/http';
import { revealedFields, type Reveal, type RevealedField, type WantedReveal } from '../user-reveals.service';
import { IDENTITY_ID } from './identity.dto';
import { ReasonRequest, USER_ID } from './user.dto';

export class RevealUserRequest extends ReasonRequest {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Restricts fields of identities to this one.',
    example: IDENTITY_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  identityId?: string;

  @ApiProperty({
    description:
      'What to read: fields of identities, as the platform gave them, and fields that the person set.',
    enum: [...revealedFields],
    enumName: 'RevealedField',
    isArray: true,
    minItems: 1,
    uniqueItems: true,
    example: ['identity.username', 'profile.displayName'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(revealedFields, { each: true })
  fields: RevealedField[];

  toWanted(): WantedReveal {
    const { identityId, fields, reason } = this;
    return { identityId: identityId?.toLowerCase() ?? null, fields, reason };
  }
}

const texts = {
  type: 'object' as const,
  additionalProperties: { type: 'string', nullable: true },
};

export class RevealedIdentityResponse {
  @ApiProperty({ format: 'uuid', description: 'The identity.', example: IDENTITY_ID })
  identityId: string;

  @ApiProperty({ description: 'The platform.', enum: [...providers], example: 'telegram' })
  provider: string;

  @ApiProperty({
    description: 'The environment of the platform.',
    enum: [...environments],
    example: 'production',
  })
  environment: string;

  @ApiProperty({
    ...texts,
    description: 'The wanted fields by name, without `identity.`; null for one that it does not have.',
    example: { username: 'ada' },
  })
  fields: Readonly<Record<string, string | null>>;
}

export class RevealResponse {
  @ApiProperty({ format: 'uuid', description: 'The account.', example: USER_ID })
  userId: string;

  @ApiProperty({
    type: [RevealedIdentityResponse],
    description: 'Oldest first; empty where no field of identities is wanted.',
  })
  identities: readonly RevealedIdentityResponse[];

  @ApiProperty({
    ...texts,
    description:
      'The wanted fields by name, without `profile.`; null for one that is not set. `links` is JSON, as text.',
    example: { displayName: 'Ada' },
  })
  profile: Readonly<Record<string, string | null>>;

  static of({ userId, identities, profile }: Reveal): RevealResponse {
    return { userId, identities, profile };
  }
}
