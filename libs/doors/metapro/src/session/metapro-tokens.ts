import { Injectable } from '@nestjs/common';
import { KeyRing, openToken, sealToken } from '@countersign/crypto';

const CONTEXT = 'countersign/metapro-token/v1';

/**
 * Tokens of this API: access tokens of sessions, sealed under a key of the ring. So they are junk to native routes, and native
 * tokens are junk here, while one session stands behind both.
 */
@Injectable()
export class MetaproTokens {
  constructor(private readonly keyRing: KeyRing) {}

  seal(accessToken: string): string {
    return sealToken(this.keyRing, 'mp', CONTEXT, accessToken);
  }

  /** The access token inside; `null` for anything that was not sealed here. */
  open(token: string): string | null {
    return openToken(this.keyRing, 'mp', CONTEXT, token);
  }
}
