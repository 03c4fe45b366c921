import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HealthService } from './health.service';
import { Flag, ListOf, OneOf, Text } from '@countersign/http';

class HealthCheckResponse {
  @Text('What was checked.', 'database')
  name: string;

  @Flag('Whether it works.', true)
  ok: boolean;

  @Text('What is wrong; `ok` when nothing is.', 'ok')
  detail: string;
}

class HealthResponse {
  @OneOf(['ok', 'unavailable'], '`unavailable` when a check fails.', 'ok')
  status: 'ok' | 'unavailable';

  @ListOf(HealthCheckResponse, 'All checks; none for liveness.')
  checks: readonly HealthCheckResponse[];
}

@Controller('health')
@ApiTags('Health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Whether the process responds',
    description: 'For the liveness probe: checks only the process.',
  })
  @ApiResponse({ status: 200, type: HealthResponse, description: 'It responds.' })
  live(): HealthResponse {
    return { status: 'ok', checks: [] };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether this replica can serve',
    description: 'For the readiness probe: checks the database and the other dependencies of a call.',
  })
  @ApiResponse({ status: 200, type: HealthResponse, description: 'Ready.' })
  @ApiResponse({
    status: 503,
    type: HealthResponse,
    description: 'Not ready; the failing check says why.',
    example: {
      status: 'unavailable',
      checks: [{ name: 'database', ok: false, detail: 'does not answer' }],
    },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthResponse> {
    const checks = await this.health.readiness();
    const isReady = checks.every(({ ok }) => ok);
    if (!isReady) void reply.status(503).header('retry-after', '2');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }
}
