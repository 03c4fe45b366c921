import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID, Matches, MaxLength } from 'class-validator';
import { auditActions, type AuditAction, type AuditRecord, type AuditSearch } from '@countersign/audit';
import { IsInstant, MayBeAbsent, PageQuery } from '@countersign/http';
import { NextCursor } from '../lists/next-cursor';

const EXAMPLE_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
const EXAMPLE_INSTANT = '2026-11-02T09:30:00.000Z';
const NAME = /^[\x21-\x7e]+$/;
const MAX_NAME_LENGTH = 200;

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'The earliest instant.',
    example: EXAMPLE_INSTANT,
  })
  @MayBeAbsent()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Only records before this instant.',
    example: '2026-11-03T00:00:00.000Z',
  })
  @MayBeAbsent()
  @IsInstant()
  before?: string;

  @ApiPropertyOptional({
    enum: [...auditActions],
    enumName: 'AuditAction',
    description: 'What happened.',
    example: 'principal.created',
  })
  @MayBeAbsent()
  @IsIn(auditActions)
  action?: AuditAction;

  @ApiPropertyOptional({
    description: 'Who did it, as records name the actor.',
    example: `principal:${EXAMPLE_ID}`,
  })
  @MayBeAbsent()
  @MaxLength(MAX_NAME_LENGTH)
  @Matches(NAME)
  actor?: string;

  @ApiPropertyOptional({
    description: 'What it was done to, as records name the subject.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  @MayBeAbsent()
  @MaxLength(MAX_NAME_LENGTH)
  @Matches(NAME)
  subject?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'Records of this person: by their pseudonym, their identities and their sessions, as actor or subject. ' +
      'None for an account that is gone.',
    example: EXAMPLE_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Records of this application.',
    example: EXAMPLE_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  applicationId?: string;

  toSearch(): AuditSearch {
    const { from, before, action, actor, subject, userId, applicationId } = this;
    return {
      from: from === undefined ? undefined : new Date(from),
      before: before === undefined ? undefined : new Date(before),
      action,
      actor,
      subject,
      userId: userId?.toLowerCase(),
      applicationId: applicationId?.toLowerCase(),
    };
  }
}

export class AuditRecordResponse {
  @ApiProperty({
    format: 'date-time',
    description: 'When it happened, by the clock of the replica.',
    example: EXAMPLE_INSTANT,
  })
  occurredAt: string;

  @ApiProperty({ format: 'uuid', description: 'Its id.', example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' })
  id: string;

  @ApiProperty({
    enum: [...auditActions],
    enumName: 'AuditAction',
    description: 'What happened. Later versions have more actions.',
    example: 'principal.created',
  })
  action: string;

  @ApiProperty({
    description:
      '`principal:` with its id, `operator:` with a name at the command line, `user:` with the pseudonym of a person, ' +
      '`session:` with its id, or `system`.',
    example: `principal:${EXAMPLE_ID}`,
  })
  actor: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What it was done to: an id, or the pseudonym of a person.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  subject: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The application, if it belongs to one.',
    example: null,
  })
  applicationId: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Ids and words of closed lists: never a personal field.',
    example: { kind: 'machine', scopes: 'users:read' },
  })
  details: Readonly<Record<string, string>>;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The request that it happened in, where one is known: its `X-Request-Id`.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  requestId: string | null;

  static of(record: AuditRecord): AuditRecordResponse {
    const { occurredAt, id, action, actor, subject, applicationId, details, requestId } = record;
    return {
      occurredAt: occurredAt.toISOString(),
      id,
      action,
      actor,
      subject,
      applicationId,
      details,
      requestId,
    };
  }
}

export class AuditPageResponse {
  @ApiProperty({
    type: [AuditRecordResponse],
    description: 'Newest first. Fewer than the limit, even none, does not mean that it is the last page.',
  })
  items: readonly AuditRecordResponse[];

  @NextCursor()
  nextCursor: string | null;
}
