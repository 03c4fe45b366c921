import type { RefusedRequestRecord } from '@countersign/audit';
import { errorDefinition } from '@countersign/errors';
import { Id, Instant, Integer, ListOf, Text } from '@countersign/http';

export class RefusedRequestResponse {
  @Instant('When it was refused.')
  refusedAt: string;

  @Text('Code of the error.', 'init_data.auth_date_expired')
  code: string;

  @Text('The rule that failed, for people.', 'The init data has expired')
  rule: string;

  @Integer('Status of the answer.', 401)
  status: number;

  @Text('Pattern of the route; `unknown` for a path without one.', '/v1/auth/telegram/init-data')
  route: string;

  @Id('The application, where it is known.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', { nullable: true })
  applicationId: string | null;

  static of(record: RefusedRequestRecord): RefusedRequestResponse {
    const { refusedAt, code, status, route, applicationId } = record;
    const rule = errorDefinition(code)?.title ?? code;
    return { refusedAt: refusedAt.toISOString(), code, rule, status, route, applicationId };
  }
}

export class RefusedRequestsResponse {
  @ListOf(RefusedRequestResponse, 'Newest first, at most 100.')
  items: readonly RefusedRequestResponse[];
}
