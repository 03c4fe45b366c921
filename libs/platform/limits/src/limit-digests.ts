import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { lengthPrefixed } from '@countersign/crypto';

const KEY_BYTES = 32;

/**
 * Keys of callers in memory and Redis: HMAC-SHA256 under a key derived from the first token key, so that
 * neither reveals a person or an address. A rotation of that key begins the windows anew when replicas restart.
 */
@Injectable()
export class LimitDigests {
  private readonly key: KeyObject;

  constructor({ keyRing }: Configuration) {
    const { secret } = keyRing.known('token')[0];
    this.key = createSecretKey(
      Buffer.from(hkdfSync('sha256', secret, '', 'countersign/limits/v1', KEY_BYTES)),
    );
  }

  /** base64url of 32 bytes; different for every list of parts. Text may be anything that a client sent. */
  of(...parts: readonly (string | Buffer)[]): string {
    const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part));
    return createHmac('sha256', this.key).update(lengthPrefixed(bytes)).digest('base64url');
  }
}
