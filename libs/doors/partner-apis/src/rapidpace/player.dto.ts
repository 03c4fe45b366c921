import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Id, Text } from '@countersign/http';

/** Describes the body in the OpenAPI document only. `@countersign/proofs` verifies and reads the raw body. */
export class RapidpacePlayerRequest {
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'string' }],
    description: 'A whole number or its digits, at most 9007199254740991.',
    example: 542262331,
  })
  telegram_id: number | string;

  @Text('The first name.', 'Хади', { optional: true, nullable: true })
  first_name?: string | null;

  @Text('The last name.', 'Варпошти', { optional: true, nullable: true })
  last_name?: string | null;

  @Text('The username on Telegram.', 'hadivarp', { optional: true, nullable: true })
  username?: string | null;

  @Text('The language, as an IETF language tag.', 'en', { optional: true, nullable: true })
  language_code?: string | null;

  @Text('The id of the call.', '35b1baf8-a268-44cf-91cb-58112f29202f', { optional: true, nullable: true })
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
  @Id('The id of the account.')
  userId: string;
}
