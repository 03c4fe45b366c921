import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

export class EndSessionsQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'Whether this session ends too.',
    example: 'true',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  all?: string;
}
