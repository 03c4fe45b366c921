import { ApiProperty } from '@nestjs/swagger';

export const MAX_COUNT = 10_000;

/** How many items a list has; more than 10,000 are not counted. */
export class CountResponse {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: MAX_COUNT,
    description: 'How many there are, at most 10000.',
    example: 42,
  })
  count: number;

  @ApiProperty({ description: 'Whether there are more than `count`.', example: false })
  isCapped: boolean;
}
