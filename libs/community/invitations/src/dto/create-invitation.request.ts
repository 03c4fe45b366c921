import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, Matches, Max, Min, ValidateNested } from 'class-validator';
import { ExactlyOneOf, MayBeAbsent, requestError } from '@countersign/http';
import { givenRoles, type GivenRole } from '@countersign/teams';
import { DEFAULT_LIFETIME, MAX_LIFETIME, MAX_USES, MIN_LIFETIME } from '../invitation';
import type { WantedInvitation } from '../teams/invitations.service';
import { userIdRecipient, usernameRecipient, type Recipient } from '../recipient';
import { roleField } from './invitation-fields';

/** Whom an invitation is for. */
@ExactlyOneOf('telegramUsername', 'telegramUserId')
export class InvitationRecipientRequest {
  @ApiPropertyOptional({
    description:
      'A Telegram username, with or without `@`. It counts if a proof of the last 24 hours has it.',
    example: 'night_owl',
  })
  @MayBeAbsent()
  @Matches(/^@?[A-Za-z][A-Za-z0-9_]{3,31}$/, { message: 'must be a Telegram username' })
  telegramUsername?: string;

  @ApiPropertyOptional({ description: 'A Telegram user id, as text.', example: '279058397' })
  @MayBeAbsent()
  @Matches(/^[1-9]\d{0,15}$/, { message: 'must be the digits of a Telegram user id' })
  telegramUserId?: string;

  /** @throws AppError request.invalid */
  toRecipient(): Recipient {
    const { telegramUsername, telegramUserId } = this;
    if (telegramUsername !== undefined && telegramUserId === undefined)
      return usernameRecipient(telegramUsername);
    if (telegramUserId !== undefined && telegramUsername === undefined)
      return userIdRecipient(telegramUserId);
    const detail = 'must have either telegramUsername or telegramUserId';
    throw requestError('request.invalid', { fields: [{ path: 'recipient', code: 'exactly_one', detail }] });
  }
}

export class CreateInvitationRequest {
  @ApiProperty(roleField)
  @IsIn(givenRoles)
  role: GivenRole;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: MIN_LIFETIME,
    maximum: MAX_LIFETIME,
    default: DEFAULT_LIFETIME,
    description: 'Seconds until it expires.',
    example: 86_400,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(MIN_LIFETIME)
  @Max(MAX_LIFETIME)
  expiresIn?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_USES,
    default: 1,
    description: 'How many people can join by it.',
    example: 10,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MAX_USES)
  maxUses?: number;

  @ApiPropertyOptional({
    type: InvitationRecipientRequest,
    description: 'Only this person can use it. Without it everybody with the link can.',
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => InvitationRecipientRequest)
  recipient?: InvitationRecipientRequest;

  toWanted(): WantedInvitation {
    const { role, expiresIn: lifetime = DEFAULT_LIFETIME, maxUses = 1, recipient } = this;
    return { role, lifetime, maxUses, recipient: recipient?.toRecipient() ?? null };
  }
}
