import { IsBoolean } from 'class-validator';

/** The JWT that services behind the gateway verify. */
export class IdentityTokenSettings {
  /** Whether sign-in and refresh return one too, for gateways that can only verify a JWKS. */
  @IsBoolean()
  inAnswers = false;
}
