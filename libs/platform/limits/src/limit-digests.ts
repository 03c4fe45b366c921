import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { lengthPrefixed, type RingKey } from '@countersign/crypto';

const KEY_BYTES = 32;

function oldest(keys: readonly RingKey[]): RingKey {
  return keys.reduce((one, other) => (other.epoch < one.epoch ? other : one));
}

/**
 * Keys of callers in memory and Redis: HMAC-SHA256 under a key derived from the oldest token key, so that
 * neither reveals a person or an address, and all replicas agree, also while the active key changes.
 */
@Injectable()
export class LimitDigests {
  private readonly key: KeyObject;

  constructor({ keyRing }: Configuration) {
    const { secret } = oldest(keyRing.all('token'));
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
