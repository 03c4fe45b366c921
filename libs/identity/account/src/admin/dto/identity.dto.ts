import { ApiProperty } from '@nestjs/swagger';
import { NextCursor } from '@countersign/admin';
import { environments, identityProviders } from '@countersign/applications';
import { assurances, type Assurance, type ListedIdentity } from '@countersign/users';
import { USER_ID } from './user.dto';
import { LostResponse } from '../../separation/dto/separation.dto';

export const IDENTITY_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const acts = ['link', 'merge'] as const;
const INSTANT = '2026-11-02T09:30:00.000Z';

export class AdminIdentityResponse {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: IDENTITY_ID })
  identityId: string;

  @ApiProperty({ format: 'uuid', description: 'The account that has it.', example: USER_ID })
  userId: string;

  @ApiProperty({ description: 'The platform.', enum: [...identityProviders], example: 'telegram' })
  provider: string;

  @ApiProperty({
    description: 'The environment of the platform.',
    enum: [...environments],
    example: 'production',
  })
  environment: string;

  @ApiProperty({
    description: 'The most assurance that sessions of it get: the least that it was attached by.',
    enum: [...assurances],
    example: 'platform',
  })
  cap: Assurance;

  @ApiProperty({ description: 'Whether it founded the account.', example: true })
  isFounding: boolean;

  @ApiProperty({ format: 'date-time', description: 'When it was first seen.', example: INSTANT })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When a link or merge attached it to the account; null where none did, or it was not recorded.',
    example: null,
  })
  attachedAt: string | null;

  @ApiProperty({
    type: String,
    enum: [...acts],
    nullable: true,
    description: 'What attached it.',
    example: null,
  })
  attachedBy: (typeof acts)[number] | null;

  @ApiProperty({
    type: [String],
    description: 'The bots whose proofs attached it, as `provider/environment/botId`.',
    example: [],
  })
  attachedWith: readonly string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it leaves the account, unless it signs in until then; null unless that was asked for.',
    example: null,
  })
  unlinksAt: string | null;

  static of({ createdAt, attachedAt, unlinksAt, ...identity }: ListedIdentity): AdminIdentityResponse {
    const { identityId, userId, provider, environment, cap, isFounding } = identity;
    return {
      identityId,
      userId,
      provider,
      environment,
      cap,
      isFounding,
      createdAt: createdAt.toISOString(),
      attachedAt: attachedAt?.toISOString() ?? null,
      attachedBy: identity.attachedBy,
      attachedWith: identity.attachedWith,
      unlinksAt: unlinksAt?.toISOString() ?? null,
    };
  }
}

export class AdminIdentityPageResponse {
  @ApiProperty({ type: [AdminIdentityResponse], description: 'Newest first.' })
  items: readonly AdminIdentityResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export class IdentityDetachmentResponse {
  @ApiProperty({ format: 'uuid', description: 'The identity.', example: IDENTITY_ID })
  identityId: string;

  @ApiProperty({
    format: 'uuid',
    description:
      'The account of the identity: a new one, or the former one where a merge was separated with all that came by it.',
    example: '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44',
  })
  userId: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many sessions ended.', example: 1 })
  endedSessions: number;

  @ApiProperty({
    description: 'What could not return, where a merge was separated.',
    type: [LostResponse],
  })
  lost: readonly LostResponse[];
}
