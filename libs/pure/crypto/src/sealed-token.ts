import { decodeBase64url } from '@countersign/text';
import { openUnder, sealUnder } from './derived-seal';
import type { KeyRing, RingKey } from './keys/key-ring';
import { deriveMacKey } from './keys/mac-key';
import { unlessSealed } from './seal-error';

const FORM = /^([a-z]+)_([a-z0-9]{1,32})_([A-Za-z0-9_-]{1,600})$/;

/** A text as a token that this ring alone opens, for the purpose alone: `<prefix>_<keyId>_<base64url>`. */
export function sealToken(ring: KeyRing, prefix: string, purpose: string, text: string): string {
  const key = ring.active('token');
  const sealed = sealUnder(secretOf(key, purpose), purpose, Buffer.from(text), key.id);
  return `${prefix}_${key.id}_${sealed.toString('base64url')}`;
}

/** The text inside; `null` for anything that was not sealed so. */
export function openToken(ring: KeyRing, prefix: string, purpose: string, token: string): string | null {
  const [, named, keyId = '', text = ''] = FORM.exec(token) ?? [];
  const key = named === prefix ? ring.find('token', keyId) : undefined;
  const sealed = decodeBase64url(text);
  if (!key || !sealed) return null;
  return unlessSealed(() => openUnder(secretOf(key, purpose), purpose, sealed, key.id).toString());
}

function secretOf(key: RingKey, purpose: string): Buffer {
  return deriveMacKey(key, purpose).secret.export();
}
