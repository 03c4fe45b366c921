import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsUUID } from 'class-validator';
import { environments, identityProviders } from '@countersign/applications';
import { NextCursor } from '@countersign/admin';
import { MayBeAbsent } from '@countersign/http';
import {
  revealRequestStatuses,
  type RevealRequestEntity,
  type RevealRequestStatus,
} from '../../reveals/reveal-request.entity';
import {
  approvedActs,
  revealedFields,
  type ApprovedAct,
  type RevealedField,
  type WantedReveal,
} from '../../reveals/revealed-fields';
import type { Reveal } from '../../reveals/user-reveals.service';
import { IDENTITY_ID } from './identity.dto';
import { ReasonRequest, USER_ID } from './user.dto';

const INSTANT = '2026-11-02T09:30:00.000Z';

export class RevealUserRequest extends ReasonRequest {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Restricts fields of identities to this one.',
    example: IDENTITY_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  identityId?: string;

  @ApiProperty({
    description:
      'What to read: fields of identities, as the platform gave them, and fields that the person set.',
    enum: [...revealedFields],
    enumName: 'RevealedField',
    isArray: true,
    minItems: 1,
    uniqueItems: true,
    example: ['identity.username', 'profile.displayName'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(revealedFields, { each: true })
  fields: RevealedField[];

  toWanted(): WantedReveal {
    const { identityId, fields, reason } = this;
    return { identityId: identityId?.toLowerCase() ?? null, fields, reason };
  }
}

const texts = {
  type: 'object' as const,
  additionalProperties: { type: 'string', nullable: true },
};

export class RevealedIdentityResponse {
  @ApiProperty({ format: 'uuid', description: 'The identity.', example: IDENTITY_ID })
  identityId: string;

  @ApiProperty({ description: 'The platform.', enum: [...identityProviders], example: 'telegram' })
  provider: string;

  @ApiProperty({
    description: 'The environment of the platform.',
    enum: [...environments],
    example: 'production',
  })
  environment: string;

  @ApiProperty({
    ...texts,
    description: 'The wanted fields by name, without `identity.`; null for one that it does not have.',
    example: { username: 'ada' },
  })
  fields: Readonly<Record<string, string | null>>;
}

export class RevealResponse {
  @ApiProperty({ format: 'uuid', description: 'The account.', example: USER_ID })
  userId: string;

  @ApiProperty({
    type: [RevealedIdentityResponse],
    description: 'Oldest first; empty where no field of identities is wanted.',
  })
  identities: readonly RevealedIdentityResponse[];

  @ApiProperty({
    ...texts,
    description:
      'The wanted fields by name, without `profile.`; null for one that is not set. `links` is JSON, as text.',
    example: { displayName: 'Ada' },
  })
  profile: Readonly<Record<string, string | null>>;

  static of({ userId, identities, profile }: Reveal): RevealResponse {
    return { userId, identities, profile };
  }
}

export class RevealRequestResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The request.',
    example: '0199a3c6-7f31-7c11-a0b3-5b0a1d2e3f40',
  })
  revealRequestId: string;

  @ApiProperty({
    description: 'Who made it: `principal:<principalId>`, or `operator:<name>` at the command line.',
    example: 'principal:0199a3c0-2c41-7d5e-9b68-4f1c2b3a4d5e',
  })
  actor: string;

  @ApiProperty({
    description: 'Whether the operator wants to read fields, or everything with `exportUser`.',
    enum: [...approvedActs],
    enumName: 'ApprovedAct',
    example: 'reveal',
  })
  act: ApprovedAct;

  @ApiProperty({ format: 'uuid', description: 'The account.', example: USER_ID })
  userId: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The identity whose fields are wanted; null for all of the account.',
    example: null,
  })
  identityId: string | null;

  @ApiProperty({
    description: 'What the operator wants to read; empty for an export.',
    enum: [...revealedFields],
    enumName: 'RevealedField',
    isArray: true,
    example: ['identity.username'],
  })
  fields: readonly RevealedField[];

  @ApiProperty({ description: 'Why: a word or the number of a request.', example: 'ticket-4711' })
  reason: string;

  @ApiProperty({ description: 'Its state.', enum: [...revealRequestStatuses], example: 'pending' })
  status: RevealRequestStatus;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: INSTANT })
  requestedAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Until then it can be approved, and used after that.',
    example: '2026-11-02T10:00:00.000Z',
  })
  expiresAt: string;

  static of(request: RevealRequestEntity): RevealRequestResponse {
    const { id, actor, act, userId, identityId, fields, reason, status, requestedAt, expiresAt } = request;
    return {
      revealRequestId: id,
      actor,
      act,
      userId,
      identityId,
      fields,
      reason,
      status,
      requestedAt: requestedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  }
}

export class RevealRequestPageResponse {
  @ApiProperty({ type: [RevealRequestResponse], description: 'Newest first.' })
  items: readonly RevealRequestResponse[];

  @NextCursor()
  nextCursor: string | null;
}
