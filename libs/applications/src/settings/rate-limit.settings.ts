import { Type } from 'class-transformer';
import { IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { DAY } from './times';

const TOGETHER = 'must be a whole number: `limit` and `window` are set together';
const A_LIMIT = { message: 'must be an object with `limit` and `window`' };

/** So many calls in so many seconds. */
export class LimitSettings {
  @IsInt({ message: TOGETHER })
  @Min(1)
  @Max(10_000_000)
  limit: number;

  @IsInt({ message: TOGETHER })
  @Min(1)
  @Max(DAY)
  window: number;
}

function upTo(limit: number, window: number): LimitSettings {
  return Object.assign(new LimitSettings(), { limit, window });
}

/** What one person may ask for in one application, and what all of them together. */
export class RateLimitSettings {
  /** Per person. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  signIn: LimitSettings = upTo(600, 600);

  /** Per session. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  refresh: LimitSettings = upTo(3_000, 600);

  /** Per user: what changes nothing. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  read: LimitSettings = upTo(6_000, 300);

  /** Per user: what changes something. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  write: LimitSettings = upTo(600, 300);

  /** Per user, of the gateway's checks; without a limit by default. */
  @MayBeAbsent()
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  gateway?: LimitSettings;

  /** Of all sign-ins and refreshes of the application; without a limit by default. */
  @MayBeAbsent()
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  application?: LimitSettings;
}
