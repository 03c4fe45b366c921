import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { DAY, MINUTE, SECOND } from '@countersign/clock';

/** A public client polls `me` every 240 seconds: its token must outlive a late poll. */
const MIN_IDLE_SECONDS = 300;

/** The API of Metapro's clients. */
export class MetaproSettings {
  /** Whether its clients may use the application. They read teams, without persons, before they sign in. */
  @IsBoolean()
  enabled = false;

  /**
   * Whether all who read this API see usernames and avatars that people set in it: `update` then gives them the visibility
   * `application` where they were private.
   */
  @IsBoolean()
  showsNames = false;

  /** Its token ends when unused for so many seconds; each use restarts the time. */
  @IsInt()
  @Min(MIN_IDLE_SECONDS)
  @Max(DAY / SECOND)
  idle = (15 * MINUTE) / SECOND;
}
