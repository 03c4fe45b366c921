import { Type } from 'class-transformer';
import { IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { DAY } from './times';

const TOGETHER = 'must be a whole number: `limit` and `window` are set together';
const A_LIMIT = { message: 'must be an object with `limit` and `window`' };

/** A limit of calls per window in seconds. */
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

/** Limits of one person in one application, and of all together. */
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

  /** Per user: reading calls. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  read: LimitSettings = upTo(6_000, 300);

  /** Per user: changing calls. */
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
