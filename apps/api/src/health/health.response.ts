import { ApiProperty } from '@nestjs/swagger';

export class HealthCheckResponse {
  @ApiProperty({ example: 'database' })
  name: string;

  @ApiProperty({ example: true })
  ok: boolean;

  @ApiProperty({ example: 'ok' })
  detail: string;
}

export class HealthResponse {
  @ApiProperty({ enum: ['ok', 'unavailable'], example: 'ok' })
  status: 'ok' | 'unavailable';

  @ApiProperty({ type: [HealthCheckResponse] })
  checks: readonly HealthCheckResponse[];
}
