import { ApiProperty } from '@nestjs/swagger';

export class ErasureResponse {
  @ApiProperty({
    description: 'When the account will be erased.',
    format: 'date-time',
    example: '2026-11-27T08:00:00.000Z',
  })
  erasesAt: string;
}

/** A requested erasure. */
export class PendingErasureResponse extends ErasureResponse {
  @ApiProperty({
    description: 'When it was requested.',
    format: 'date-time',
    example: '2026-11-20T08:00:00.000Z',
  })
  requestedAt: string;

  @ApiProperty({
    description: 'The application that it was requested in; null for an operator, or for an idle account.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  applicationId: string | null;
}

export class ErasurePreviewResponse {
  @ApiProperty({
    description:
      '`account`: the account is closed at once. `application`: the sessions of this application end, and a stronger ' +
      'sign-in cancels the erasure.',
    enum: ['account', 'application'],
    example: 'account',
  })
  scope: 'account' | 'application';

  @ApiProperty({
    description: 'When the account would be erased, if that was requested now.',
    format: 'date-time',
    example: '2026-11-27T08:00:00.000Z',
  })
  erasesAt: string;

  @ApiProperty({
    description: 'How much would be lost, by kind.',
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { identities: 1, sessions: 2 },
  })
  lost: Record<string, number>;

  @ApiProperty({
    description: 'What DELETE /v1/me asks for in `confirm`.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  confirm: string;

  @ApiProperty({ type: PendingErasureResponse, nullable: true, description: 'What is requested already.' })
  pending: PendingErasureResponse | null;
}
