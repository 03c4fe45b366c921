import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { MIN_SECONDS } from '@countersign/applications';
import { DAY, HOUR, SECOND } from '@countersign/clock';

/** Init data as the credential of every request (`Authorization: tma`), without a session. */
export class PerRequestInitDataSettings {
  @IsBoolean()
  accept = false;

  /** In whole seconds: shorter than at sign-in, since it is presented repeatedly. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(DAY / SECOND)
  maxAge = HOUR / SECOND;
}
