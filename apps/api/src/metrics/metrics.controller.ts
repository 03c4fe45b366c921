import { Get, Header } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Metrics, METRICS_CONTENT_TYPE } from '@countersign/runtime';

/** Only the listener of the gateway serves this route. */
@ApiController('metrics', 'Health')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    description: 'docs/observability.md names them. They hold no ids of people.',
  })
  @ApiResponse({
    status: 200,
    description: 'The text format of Prometheus.',
    content: {
      'text/plain': { schema: { type: 'string', example: 'countersign_sign_ins_total{outcome="ok"} 1' } },
    },
  })
  @Header('content-type', METRICS_CONTENT_TYPE)
  scrape(): Promise<string> {
    return this.metrics.expose();
  }
}
