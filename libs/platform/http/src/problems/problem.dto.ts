import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FieldErrorResponse {
  @ApiProperty({
    description: 'The field, with dots between levels; empty for the whole body.',
    example: 'initData',
  })
  path: string;

  @ApiProperty({ description: 'The rule that failed.', example: 'max_length' })
  code: string;

  @ApiProperty({
    description: 'A sentence for people, without the value.',
    example: 'must be shorter than or equal to 8192 characters',
  })
  detail: string;
}

/** RFC 9457 problem details. */
export class ProblemResponse {
  @ApiProperty({
    description: 'A URN that ends in `code`.',
    format: 'uri',
    example: 'urn:countersign:error:request.invalid',
  })
  type: string;

  @ApiProperty({
    description: 'What went wrong, for people: the same for every occurrence of the code.',
    example: 'The request has invalid fields',
  })
  title: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', example: 400 })
  status: number;

  @ApiProperty({
    description: 'What went wrong and what to do about it, for people.',
    example: 'The request has invalid fields. Correct the fields listed in `errors`.',
  })
  detail: string;

  @ApiProperty({
    description: 'Public contract; all codes are in docs/errors.md.',
    example: 'request.invalid',
  })
  code: string;

  @ApiProperty({
    description: 'The id of the request, as in `X-Request-Id`.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  requestId: string;

  @ApiPropertyOptional({ description: 'The fields that are wrong, at most 20.', type: [FieldErrorResponse] })
  errors?: FieldErrorResponse[];
}
