import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';

export class ErasureQuery {
  @ApiPropertyOptional({
    description: 'The id of the account, as a confirmation.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  @MayBeAbsent()
  @IsUUID()
  confirm?: string;
}
