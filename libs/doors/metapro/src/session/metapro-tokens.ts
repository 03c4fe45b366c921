import { Injectable } from '@nestjs/common';
import { deriveMacKey, KeyRing, openUnder, sealUnder, unlessSealed, type RingKey } from '@countersign/crypto';
import { decodeBase64url } from '@countersign/text';

const CONTEXT = 'countersign/metapro-token/v1';
const TOKEN = /^mp_([a-z0-9]{1,32})_([A-Za-z0-9_-]{1,400})$/;

/**
 * Tokens of this API: access tokens of sessions, sealed under a key of the ring. So they are junk to native routes, and native
 * tokens are junk here, while one session stands behind both.
 */
@Injectable()
export class MetaproTokens {
  private readonly secrets = new Map<string, Buffer>();

  constructor(private readonly keyRing: KeyRing) {}

  seal(accessToken: string): string {
    const key = this.keyRing.active('token');
    const sealed = sealUnder(this.secretOf(key), CONTEXT, Buffer.from(accessToken), key.id);
    return `mp_${key.id}_${sealed.toString('base64url')}`;
  }

  /** The access token inside; `null` for anything that was not sealed here. */
  open(token: string): string | null {
    const [, keyId = '', text = ''] = TOKEN.exec(token) ?? [];
    const key = this.keyRing.find('token', keyId);
    const sealed = decodeBase64url(text);
    if (!key || !sealed) return null;
    return unlessSealed(() => openUnder(this.secretOf(key), CONTEXT, sealed, key.id).toString());
  }

  private secretOf(key: RingKey): Buffer {
    const known = this.secrets.get(key.id);
    if (known) return known;
    const secret = deriveMacKey(key, CONTEXT).secret.export();
    this.secrets.set(key.id, secret);
    return secret;
  }
}
