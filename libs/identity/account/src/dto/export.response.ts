import { ApiProperty } from '@nestjs/swagger';

/** The head of an export, and its sections by name: docs/export.schema.json describes each of them. */
export class ExportResponse {
  @ApiProperty({ description: 'The version of the format.', enum: [1], example: 1 })
  version: 1;

  @ApiProperty({
    description:
      '`account`: everything. `application`: what belongs to the application and the identity of the session.',
    enum: ['account', 'application'],
    example: 'account',
  })
  scope: 'account' | 'application';

  @ApiProperty({
    description: 'The application, where the scope is `application`.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
  })
  applicationId: string | null;

  @ApiProperty({
    description: 'The id of the account.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;

  @ApiProperty({
    description: 'When the export began.',
    format: 'date-time',
    example: '2026-11-20T08:00:00.000Z',
  })
  exportedAt: string;

  @ApiProperty({
    description: 'Each with `meaning`, `retention` and `items`.',
    type: 'object',
    additionalProperties: true,
    example: { account: { meaning: 'The account.', retention: 'Until the account is erased.', items: [] } },
  })
  sections: Record<string, unknown>;
}

/** An export that is requested without a step-up. */
export class DelayedExportResponse {
  @ApiProperty({
    format: 'date-time',
    description: 'From when on it can be collected.',
    example: '2026-11-28T08:00:00.000Z',
  })
  readyAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Until when it can be collected.',
    example: '2026-12-05T08:00:00.000Z',
  })
  expiresAt: string;
}
