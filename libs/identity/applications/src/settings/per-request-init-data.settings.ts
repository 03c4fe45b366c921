import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { DAY, HOUR, MIN_SECONDS } from './times';

/** Init data as the credential of every request (`Authorization: tma`), without a session. */
export class PerRequestInitDataSettings {
  @IsBoolean()
  accept = false;

  /** In whole seconds: shorter than at sign-in, since it is presented repeatedly. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(DAY)
  maxAge = HOUR;
}
