import { Injectable } from '@nestjs/common';
import type { Application } from '@countersign/applications';
import type { VerifiedSignIn } from '../doors/door';
import { RedirectCodes } from '../exchange/redirect-codes';
import { withParameters } from '@countersign/http';
import { rapidpaceError } from './rapidpace.errors';

/** Verified login links. */
@Injectable()
export class RapidpaceLinks {
  constructor(private readonly codes: RedirectCodes) {}

  /**
   * Where to redirect the browser: the front URL of the application, with a one-time code and nothing of the
   * link.
   * @throws AppError rapidpace.not_configured, rapidpace.hmac_mismatch when the secret was removed meanwhile
   */
  async follow({ proof, application, spend }: VerifiedSignIn): Promise<string> {
    return withParameters(frontUrlOf(application), { code: await this.codes.issue(proof, null, spend) });
  }
}

/** @throws AppError rapidpace.not_configured */
export function frontUrlOf({ settings }: Application): string {
  const { frontUrl } = settings.rapidpace;
  if (frontUrl === undefined) throw rapidpaceError('rapidpace.not_configured');
  return frontUrl;
}
