import { Get, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HealthService } from './health.service';
import { Answers, ApiController, Flag, ListOf, OneOf, Text } from '@countersign/http';

const STATES = ['ok', 'degraded', 'unavailable'] as const;

class HealthCheckResponse {
  @Text('What was checked.', 'database')
  name: string;

  @Flag('Whether it works.', true)
  ok: boolean;

  @Text('What is wrong; `ok` when nothing is.', 'ok')
  detail: string;
}

class HealthResponse {
  @OneOf(
    STATES,
    '`unavailable` when a check fails; `degraded` when this replica can serve, and the detail of a check names something for operators.',
    'ok',
  )
  status: (typeof STATES)[number];

  @ListOf(HealthCheckResponse, 'All checks; none for liveness.')
  checks: readonly HealthCheckResponse[];
}

@ApiController('health', 'Health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @Answers('getLiveness', HealthResponse, {
    summary: 'Whether the process responds',
    description: 'For the liveness probe: checks only the process.',
    answerDescription: 'It responds.',
  })
  live(): HealthResponse {
    return { status: 'ok', checks: [] };
  }

  @Get('ready')
  @Answers('getReadiness', HealthResponse, {
    summary: 'Whether this replica can serve',
    description: 'For the readiness probe: checks the database and the other dependencies of a call.',
    answerDescription: 'Ready, also when `degraded`.',
  })
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
    const isDegraded = checks.some(({ detail }) => detail !== 'ok');
    return { status: !isReady ? 'unavailable' : isDegraded ? 'degraded' : 'ok', checks };
  }
}
