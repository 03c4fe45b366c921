import { Injectable } from '@nestjs/common';
import { rapidpaceError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { RedirectCodes } from '../exchange/redirect-codes';
import { withParameters } from '../exchange/with-parameters';

/** Login links that were verified. */
@Injectable()
export class RapidpaceLinks {
  constructor(private readonly codes: RedirectCodes) {}

  /**
   * Where the browser goes on: the front URL of the application, with a one-time code and nothing of the link.
   * @throws AppError rapidpace.not_configured, rapidpace.hmac_mismatch when the secret was removed meanwhile
   */
  async follow({ proof, application, spend }: VerifiedSignIn): Promise<string> {
    const { frontUrl } = application.settings.rapidpace;
    if (frontUrl === undefined) throw rapidpaceError('rapidpace.not_configured');
    return withParameters(frontUrl, { code: await this.codes.issue(proof, null, spend) });
  }
}
