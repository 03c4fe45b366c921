import { IsInt, Max, Min } from 'class-validator';
import { MIN_SECONDS } from '@countersign/applications';
import { DAY, HOUR, MINUTE, SECOND } from '@countersign/clock';

/** Times of a session, in whole seconds. */
export class SessionSettings {
  /** An access token ends when unused for this long; each use restarts the time. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(DAY / SECOND)
  accessIdle = (30 * MINUTE) / SECOND;

  /** An access token ends this long after its issue, regardless of use. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max((7 * DAY) / SECOND)
  accessAbsolute = (12 * HOUR) / SECOND;

  /** A session ends when not refreshed for this long. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max((400 * DAY) / SECOND)
  refreshIdle = (30 * DAY) / SECOND;

  /** A session ends this long after sign-in. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max((400 * DAY) / SECOND)
  absolute = (90 * DAY) / SECOND;
}
