import { Type } from 'class-transformer';
import { IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { DAY } from './times';

const TOGETHER = 'must be a whole number: `limit` and `window` are set together';
const A_LIMIT = { message: 'must be an object with `limit` and `window`' };

/** A limit of calls per window in seconds. */
class LimitSettings {
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

/** Limits of one person in one application. */
export class RateLimitSettings {
  /** Per person. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  signIn: LimitSettings = upTo(600, 600);

  /** Per person: reading calls. Of changing calls a tenth, and of refreshes of a session half as many in twice the window. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  calls: LimitSettings = upTo(6_000, 300);
}
