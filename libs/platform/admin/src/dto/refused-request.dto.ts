import { ApiProperty } from '@nestjs/swagger';
import type { RefusedRequestRecord } from '@countersign/audit';
import { errorDefinition } from '@countersign/errors';

export class RefusedRequestResponse {
  @ApiProperty({
    format: 'date-time',
    description: 'When it was refused.',
    example: '2026-11-02T09:30:00.000Z',
  })
  refusedAt: string;

  @ApiProperty({ description: 'Code of the error.', example: 'init_data.auth_date_expired' })
  code: string;

  @ApiProperty({ description: 'The rule that failed, for people.', example: 'The init data has expired' })
  rule: string;

  @ApiProperty({ type: 'integer', description: 'Status of the answer.', example: 401 })
  status: number;

  @ApiProperty({
    description: 'Pattern of the route; `unknown` for a path without one.',
    example: '/v1/auth/telegram/init-data',
  })
  route: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The application, where it is known.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  applicationId: string | null;

  static of(record: RefusedRequestRecord): RefusedRequestResponse {
    const { refusedAt, code, status, route, applicationId } = record;
    const rule = errorDefinition(code)?.title ?? code;
    return { refusedAt: refusedAt.toISOString(), code, rule, status, route, applicationId };
  }
}

export class RefusedRequestsResponse {
  @ApiProperty({ type: [RefusedRequestResponse], description: 'Newest first, at most 100.' })
  items: readonly RefusedRequestResponse[];
}
