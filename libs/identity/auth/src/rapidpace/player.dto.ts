import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** For the document only: the body is verified as it was received, and read by `@countersign/rapidpace`. */
export class RapidpacePlayerRequest {
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'string' }],
    description: 'A whole number or its digits, at most 9007199254740991.',
    example: 542262331,
  })
  telegram_id: number | string;

  @ApiPropertyOptional({ description: 'The first name.', type: String, nullable: true, example: 'Хади' })
  first_name?: string | null;

  @ApiPropertyOptional({ description: 'The last name.', type: String, nullable: true, example: 'Варпошти' })
  last_name?: string | null;

  @ApiPropertyOptional({
    description: 'The username on Telegram.',
    type: String,
    nullable: true,
    example: 'hadivarp',
  })
  username?: string | null;

  @ApiPropertyOptional({
    description: 'The language, as an IETF language tag.',
    type: String,
    nullable: true,
    example: 'en',
  })
  language_code?: string | null;

  @ApiPropertyOptional({
    description: 'Rapidpace’s id of the call.',
    type: String,
    nullable: true,
    example: '35b1baf8-a268-44cf-91cb-58112f29202f',
  })
  trace_id?: string | null;

  @ApiPropertyOptional({
    oneOf: [{ type: 'integer' }, { type: 'string' }],
    nullable: true,
    description: 'In Unix seconds.',
    example: 1687519459,
  })
  auth_date?: number | string | null;
}

export class RapidpacePlayerResponse {
  @ApiProperty({
    description: 'The id of the account.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;
}
