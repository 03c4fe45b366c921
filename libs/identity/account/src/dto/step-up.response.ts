import { ApiProperty } from '@nestjs/swagger';

export class StepUpResponse {
  @ApiProperty({
    type: 'integer',
    description: 'Seconds for which the session is stepped up.',
    example: 300,
  })
  stepUpExpiresIn: number;
}
