import { IsBoolean } from 'class-validator';

/** Init data as the credential of every request (`Authorization: tma`), without a session: for `initDataMaxAge`, at most a day. */
export class PerRequestInitDataSettings {
  @IsBoolean()
  accept = false;
}
