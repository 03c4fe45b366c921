import { IsBoolean } from 'class-validator';

/** Keys that a client binds its session to (DPoP, RFC 9449). */
export class DeviceKeySettings {
  /** Whether a sign-in without such a key is refused. */
  @IsBoolean()
  required = false;

  /** Whether every proof of the key needs a nonce of this service, even with a correct clock. */
  @IsBoolean()
  nonceRequired = false;
}
