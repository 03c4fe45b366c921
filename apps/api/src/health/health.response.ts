import { Flag, ListOf, OneOf, Text } from '@countersign/http';

export class HealthCheckResponse {
  @Text('What was checked.', 'database')
  name: string;

  @Flag('Whether it works.', true)
  ok: boolean;

  @Text('What is wrong; `ok` when nothing is.', 'ok')
  detail: string;
}

export class HealthResponse {
  @OneOf(['ok', 'unavailable'], '`unavailable` when a check fails.', 'ok')
  status: 'ok' | 'unavailable';

  @ListOf(HealthCheckResponse, 'All checks; none for liveness.')
  checks: readonly HealthCheckResponse[];
}
