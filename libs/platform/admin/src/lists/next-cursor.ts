import { ApiProperty } from '@nestjs/swagger';

/** Documents the field `nextCursor` of a page. */
export function NextCursor(): PropertyDecorator {
  return ApiProperty({
    type: String,
    nullable: true,
    description: '`cursor` of the next page; null on the last one.',
    example: null,
  });
}
