import { Injectable } from '@nestjs/common';
import { rapidpaceError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { RedirectCodes } from '../exchange/redirect-codes';

/** Login links that were verified. */
@Injectable()
export class RapidpaceLinks {
  constructor(private readonly codes: RedirectCodes) {}

  /**
   * Where the browser goes on: the front URL of the application, with a one-time code and nothing of the link.
   * @throws AppError rapidpace.not_configured
   */
  async follow({ proof, application }: VerifiedSignIn): Promise<string> {
    const { frontUrl } = application.settings.rapidpace;
    if (frontUrl === undefined) throw rapidpaceError('rapidpace.not_configured');
    return withCode(frontUrl, await this.codes.issue(proof, null));
  }
}

/** Keeps the query of the page as it is written, and makes a header value of what the operator may have entered in Unicode. */
function withCode(page: string, code: string): string {
  const url = new URL(page);
  url.search = `${url.search}${url.search === '' ? '?' : '&'}code=${code}`;
  return url.href;
}
