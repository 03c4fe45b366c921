import { IsBoolean } from 'class-validator';

/** Keys that a client binds its session to (DPoP, RFC 9449). */
export class DeviceKeySettings {
  /** Whether a sign-in without such a key is refused. */
  @IsBoolean()
  required = false;
}
