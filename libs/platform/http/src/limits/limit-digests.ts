import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { deriveMacKey, lengthPrefixed, macOf } from '@countersign/crypto';

/** HMAC-SHA256 under a key derived from the first token key: it reveals no person. Rotation restarts windows. */
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
