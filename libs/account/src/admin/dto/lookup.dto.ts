import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { environments, type Environment } from '@countersign/applications';
import { ExactlyOneOf, MayBeAbsent, requestError } from '@countersign/http';
import { peopleError } from '../people.errors';
import type { KnownOfUser } from '../user-lookups.service';
import { USER_ID } from './user.dto';

const WAYS = ['telegramId', 'openweb3Id', 'sessionId', 'userId', 'username', 'phone'] as const;
const DIGITS = /^[1-9]\d{0,18}$/;
const notDigits = { message: 'must be an id of digits, as text' };

/** Exactly one of the fields, besides `environment`. */
@ExactlyOneOf(...WAYS)
export class LookUpUsersRequest {
  @ApiPropertyOptional({
    description: 'An id at Telegram.',
    pattern: '^[1-9]\\d{0,18}$',
    example: '279058397',
  })
  @MayBeAbsent()
  @IsString()
  @Matches(DIGITS, notDigits)
  telegramId?: string;

  @ApiPropertyOptional({
    description: 'An id at OpenWeb3.',
    pattern: '^[1-9]\\d{0,18}$',
    example: '100027',
  })
  @MayBeAbsent()
  @IsString()
  @Matches(DIGITS, notDigits)
  openweb3Id?: string;

  @ApiPropertyOptional({
    description: 'The environment of an id of a platform.',
    enum: [...environments],
    default: 'production',
    example: 'production',
  })
  @MayBeAbsent()
  @IsIn(environments)
  environment?: Environment;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'A session, live or not, as long as it is stored.',
    example: '0199a3c6-7f30-7a02-8f44-9d3c0a5b7e21',
  })
  @MayBeAbsent()
  @IsUUID()
  sessionId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'An id of an account, also of one that was merged into another.',
    example: USER_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({
    description: 'A username: refused with `user.lookup_off`.',
    maxLength: 64,
    example: 'ada',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  username?: string;

  @ApiPropertyOptional({
    description: 'A phone number: refused with `user.lookup_off`.',
    maxLength: 32,
    example: '+4930123456',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(32)
  phone?: string;

  /** @throws AppError request.invalid unless exactly one is given, user.lookup_off */
  toKnown(): KnownOfUser {
    const { telegramId, openweb3Id, sessionId, userId, username, phone, environment } = this;
    if (WAYS.filter((way) => this[way] !== undefined).length !== 1) throw notExactlyOne();
    const isOfPlatform = telegramId !== undefined || openweb3Id !== undefined;
    if (environment !== undefined && !isOfPlatform) throw notExactlyOne();
    if (username !== undefined || phone !== undefined) throw peopleError('user.lookup_off');
    if (telegramId !== undefined) return { telegramId, environment: environment ?? 'production' };
    if (openweb3Id !== undefined) return { openweb3Id, environment: environment ?? 'production' };
    if (sessionId !== undefined) return { sessionId: sessionId.toLowerCase() };
    return { userId: (userId ?? '').toLowerCase() };
  }
}

function notExactlyOne(): Error {
  return requestError('request.invalid', {
    fields: [
      {
        path: '',
        code: 'exactly_one',
        detail: `must have exactly one of ${WAYS.join(', ')}; environment goes with an id of a platform`,
      },
    ],
  });
}

export class FoundUsersResponse {
  @ApiProperty({
    type: [String],
    format: 'uuid',
    description: 'The accounts; none for a value that belongs to none.',
    example: [USER_ID],
  })
  userIds: readonly string[];
}
