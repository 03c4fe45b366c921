import { ApiProperty } from '@nestjs/swagger';

export class DetachmentResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The new account, with only this identity.',
    example: '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44',
  })
  userId: string;

  @ApiProperty({
    description: 'The identity that was taken out.',
    format: 'uuid',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  identityId: string;
}
