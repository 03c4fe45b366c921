import { ApiProperty } from '@nestjs/swagger';

export class MergeResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The account that is left: the caller’s.',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The account that was merged into it. Its id stays an alias.',
    example: '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44',
  })
  mergedUserId: string;
}
