import { ApiProperty } from '@nestjs/swagger';

export class StepUpResponse {
  @ApiProperty({
    type: 'integer',
    description: 'Seconds for which the session may do what asks for step-up.',
    example: 300,
  })
  stepUpExpiresIn: number;
}
