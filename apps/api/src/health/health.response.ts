import { ApiProperty } from '@nestjs/swagger';

export class HealthCheckResponse {
  @ApiProperty({ description: 'What was checked.', example: 'database' })
  name: string;

  @ApiProperty({ description: 'Whether it works.', example: true })
  ok: boolean;

  @ApiProperty({ description: 'What is wrong; `ok` when nothing is.', example: 'ok' })
  detail: string;
}

export class HealthResponse {
  @ApiProperty({
    description: '`unavailable` when a check fails.',
    enum: ['ok', 'unavailable'],
    example: 'ok',
  })
  status: 'ok' | 'unavailable';

  @ApiProperty({
    description: 'All checks; none for liveness.',
    type: [HealthCheckResponse],
  })
  checks: readonly HealthCheckResponse[];
}
