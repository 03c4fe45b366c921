import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';

export class EndSessionsQuery {
  @ApiPropertyOptional({
    type: 'boolean',
    description: 'Whether this session ends too.',
    example: true,
  })
  @MayBeAbsent()
  @IsIn(['true', 'false'])
  all?: string;
}
