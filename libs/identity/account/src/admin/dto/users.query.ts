import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsUUID, Matches } from 'class-validator';
import { identityProviders, type IdentityProvider } from '@countersign/applications';
import { IsInstant, MayBeAbsent, PageQuery } from '@countersign/http';
import { userStatuses, type IdentityFilter, type UserFilter, type UserStatus } from '@countersign/users';

/** Filters of the list of accounts, and of their number. */
export class UserFilterQuery {
  @ApiPropertyOptional({
    description: 'Only accounts in this state.',
    enum: [...userStatuses],
    example: 'deactivated',
  })
  @MayBeAbsent()
  @IsIn(userStatuses)
  status?: UserStatus;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Only accounts that were created at this instant or later.',
    example: '2026-11-01T00:00:00Z',
  })
  @MayBeAbsent()
  @IsInstant()
  createdAfter?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Only accounts that were created before this instant.',
    example: '2026-12-01T00:00:00Z',
  })
  @MayBeAbsent()
  @IsInstant()
  createdBefore?: string;

  static toFilter({ status, createdAfter, createdBefore }: UserFilterQuery): UserFilter {
    return { status, createdAfter: instantOf(createdAfter), createdBefore: instantOf(createdBefore) };
  }
}

export class UsersQuery extends IntersectionType(PageQuery, UserFilterQuery) {}

export class IdentitiesQuery extends PageQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only identities of this account.',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  @MayBeAbsent()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({
    description: 'Only identities at this platform.',
    enum: [...identityProviders],
    example: 'telegram',
  })
  @MayBeAbsent()
  @IsIn(identityProviders)
  provider?: IdentityProvider;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Only identities that a link or merge attached to their account at this instant or later.',
    example: '2026-11-01T00:00:00Z',
  })
  @MayBeAbsent()
  @IsInstant()
  attachedSince?: string;

  @ApiPropertyOptional({
    description: 'Only identities that were attached with proofs of this bot: `provider/environment/botId`.',
    example: 'telegram/production/7342037359',
  })
  @MayBeAbsent()
  @Matches(/^(telegram|openweb3)\/(production|test)\/[\w-]{1,64}$/, {
    message: 'must be provider/environment/botId',
  })
  bot?: string;

  static toFilter({ userId, provider, attachedSince, bot }: IdentitiesQuery): IdentityFilter {
    return { userId: userId?.toLowerCase(), provider, attachedSince: instantOf(attachedSince), bot };
  }
}

function instantOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
