import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsUUID } from 'class-validator';
import { MAX_BULK, NextCursor } from '@countersign/admin';
import { MayBeAbsent } from '@countersign/http';
import { userStatuses, type ErasureReason, type ListedUser, type UserStatus } from '@countersign/users';
import { joinOutcomes } from '../../joins/join.entity';
import { stateOf, type JoinState } from '../../joins/join-state';
import type { ListedJoin } from '../../joins/joins.repository';
import { IsReason } from './reason';

export const USER_ID = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10';
const INSTANT = '2026-11-02T09:30:00.000Z';
const erasureReasons = ['person', 'operator', 'idle', 'restore'] as const satisfies readonly ErasureReason[];

export class AdminUserResponse {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: USER_ID })
  userId: string;

  @ApiProperty({
    description: 'A deactivated account has no sessions and no sign-ins.',
    enum: [...userStatuses],
    example: 'active',
  })
  status: UserStatus;

  @ApiProperty({ format: 'date-time', description: 'When it was created.', example: INSTANT })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The day of the last visit of any application, in UTC.',
    example: '2026-11-20',
  })
  lastSeenOn: string | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many identities it has.', example: 1 })
  identityCount: number;

  @ApiProperty({
    type: [String],
    description: 'The platforms of its identities.',
    example: ['telegram'],
  })
  providers: readonly string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it will be erased; null unless that is requested.',
    example: null,
  })
  erasesAt: string | null;

  @ApiProperty({
    type: String,
    enum: [...erasureReasons],
    nullable: true,
    description:
      'Who or what requested the erasure: its person, an operator, that it is not used, or a restore of the database.',
    example: null,
  })
  erasureReason: ErasureReason | null;

  static of({ erasure, createdAt, ...user }: ListedUser): AdminUserResponse {
    const { userId, status, lastSeenOn, identityCount, providers } = user;
    return {
      userId,
      status,
      createdAt: createdAt.toISOString(),
      lastSeenOn,
      identityCount,
      providers,
      erasesAt: erasure?.eraseAt.toISOString() ?? null,
      erasureReason: erasure?.reason ?? null,
    };
  }
}

export class AdminJoinResponse {
  @ApiProperty({ format: 'uuid', description: 'Its id, as the audit trail names it.', example: USER_ID })
  joinId: string;

  @ApiProperty({ format: 'uuid', description: 'The session that asked.', example: USER_ID })
  sessionId: string;

  @ApiProperty({ format: 'uuid', description: 'The application of that session.', example: USER_ID })
  applicationId: string;

  @ApiProperty({ format: 'date-time', description: 'When it was asked.', example: INSTANT })
  askedAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it ended; null while it is open, or where it expired.',
    example: null,
  })
  endedAt: string | null;

  @ApiProperty({
    enum: ['open', 'expired', ...joinOutcomes],
    description: '`failed` after three wrong numbers.',
    example: 'open',
  })
  state: JoinState;

  static of({ id, sessionId, applicationId, ...join }: ListedJoin, now: Date): AdminJoinResponse {
    return {
      joinId: id,
      sessionId,
      applicationId,
      askedAt: join.askedAt.toISOString(),
      endedAt: join.endedAt?.toISOString() ?? null,
      state: stateOf(join, now),
    };
  }
}

export class AdminUserDetailResponse extends AdminUserResponse {
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The id that was asked for, where that account was merged into this one.',
    example: null,
  })
  mergedFrom: string | null;

  @ApiProperty({
    type: [AdminJoinResponse],
    description:
      'Joins that the account asked for and that expired less than a day ago, newest first: without code and number.',
  })
  joins: readonly AdminJoinResponse[];

  static ofId(
    askedId: string,
    user: ListedUser,
    joins: readonly ListedJoin[],
    now: Date,
  ): AdminUserDetailResponse {
    return {
      ...AdminUserResponse.of(user),
      mergedFrom: askedId === user.userId ? null : askedId,
      joins: joins.map((join) => AdminJoinResponse.of(join, now)),
    };
  }
}

export class AdminUserPageResponse {
  @ApiProperty({ type: [AdminUserResponse], description: 'Newest first.' })
  items: readonly AdminUserResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export class UserIdsRequest {
  @ApiProperty({
    type: [String],
    format: 'uuid',
    minItems: 1,
    maxItems: MAX_BULK,
    uniqueItems: true,
    description: 'The accounts.',
    example: [USER_ID],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BULK)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  userIds: string[];
}

export class UserStatusResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The account; for the id of a merged one the surviving one.',
    example: USER_ID,
  })
  userId: string;

  @ApiProperty({ description: 'Its state now.', enum: [...userStatuses], example: 'deactivated' })
  status: UserStatus;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many sessions ended.', example: 2 })
  endedSessions: number;
}

export class ReasonRequest {
  @IsReason()
  reason: string;
}

export class EraseUserRequest extends ReasonRequest {
  @ApiPropertyOptional({
    description: 'Whether to erase it at once, instead of after `ERASURE_DAYS`.',
    default: false,
    example: false,
  })
  @MayBeAbsent()
  @IsBoolean()
  now?: boolean;
}

export class UserErasureResponse {
  @ApiProperty({ format: 'uuid', description: 'The account.', example: USER_ID })
  userId: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it will be erased; null when it is erased, or the erasure is cancelled.',
    example: '2026-11-27T08:00:00.000Z',
  })
  erasesAt: string | null;
}
