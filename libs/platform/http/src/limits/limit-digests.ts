import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { deriveMacKey, lengthPrefixed, macOf } from '@countersign/crypto';

/**
 * Keys of callers in memory and Redis: HMAC-SHA256 under a key derived from the first token key, so they reveal no
 * person and no address. After a rotation of that key, windows begin anew when replicas restart.
 */
@Injectable()
export class LimitDigests {
  private readonly key;

  constructor({ keyRing }: Configuration) {
    this.key = deriveMacKey(keyRing.known('token')[0], 'countersign/limits/v1');
  }

  /** base64url of 32 bytes; different for every list of parts. A part may be any text of a client. */
  of(...parts: readonly (string | Buffer)[]): string {
    const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part));
    return macOf(this.key, lengthPrefixed(bytes)).toString('base64url');
  }
}
