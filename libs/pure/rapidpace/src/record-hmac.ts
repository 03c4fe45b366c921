import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { hasLoneSurrogate } from '@countersign/text';
import { canonicalString, type RapidpaceRecord } from './rapidpace-record';

/**
 * The HMAC key of a customer: the UTF-8 bytes of the secret from Rapidpace, not decoded in any way.
 *
 * @throws RangeError for an empty secret, whose key is no secret, and for one without a UTF-8 form
 */
export function deriveRapidpaceKey(secret: string): KeyObject {
  if (secret === '') throw new RangeError('a secret must not be empty');
  if (hasLoneSurrogate(secret)) throw new RangeError('a secret must be well-formed Unicode');
  return createSecretKey(secret, 'utf8');
}

/**
 * What Rapidpace sends as `x-urm-hmac` for this record: base64 of 32 bytes. Checks no rule of the record.
 *
 * @throws RangeError for an empty secret
 */
export function signRecord(record: RapidpaceRecord, secret: string): string {
  const mac = createHmac('sha256', deriveRapidpaceKey(secret));
  return mac.update(canonicalString(record), 'utf8').digest('base64');
}
