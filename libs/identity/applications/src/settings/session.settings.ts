import { IsInt, Max, Min } from 'class-validator';
import { DAY, HOUR, MIN_SECONDS } from './times';

/** Times of a session, in whole seconds. */
export class SessionSettings {
  /** An access token ends when unused for this long; each use restarts the time. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(DAY)
  accessIdle = HOUR / 2;

  /** An access token ends this long after its issue, regardless of use. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(7 * DAY)
  accessAbsolute = 12 * HOUR;

  /** A session ends when not refreshed for this long. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(400 * DAY)
  refreshIdle = 30 * DAY;

  /** A session ends this long after sign-in. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(400 * DAY)
  absolute = 90 * DAY;
}
