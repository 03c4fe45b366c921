import type { DeviceKey, DeviceKeys } from './types.js';
import { base64url } from './wire.js';

/** iOS may lose the process behind IndexedDB. Opening then neither succeeds nor fails. */
const LIMIT_MS = 1000;
const KEYS = 'keys';
/** A proof may be ahead of the service by 10 seconds, and `Date` has whole seconds. */
const SLACK_MS = 5000;

/**
 * Binds sessions to a key of this device (DPoP, RFC 9449), for `createCountersign({ deviceKeys: deviceKeys() })`. The
 * private key cannot be exported. It is used from the second load of the page on, when it has proved to last, or at
 * once if the application requires a key. It stays after a sign-out, because the init data of a bound session can open
 * another session only with the same key.
 * @returns no key without WebCrypto, such as on http: pages; a key for this load if IndexedDB is blocked
 */
export function deviceKeys(): DeviceKeys {
  return async (name) => {
    const made = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const unstored: Found = { pair: made, isStored: false };
    const { pair, isStored } = await Promise.race([
      getOrPut(made, name).catch(() => unstored),
      new Promise<Found>((resolve) => setTimeout(resolve, LIMIT_MS, unstored)),
    ]);
    return keyOf(pair, isStored);
  };
}

interface Found {
  readonly pair: CryptoKeyPair;
  readonly isStored: boolean;
}

/** Uses one transaction, so that pages that open at the same moment share one key. */
function getOrPut(made: CryptoKeyPair, name: string): Promise<Found> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('countersign', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(KEYS);
    opening.onerror = reject;
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(KEYS, 'readwrite');
      const keys = transaction.objectStore(KEYS);
      const reading = keys.get(name) as IDBRequest<CryptoKeyPair | undefined>;
      reading.onsuccess = () => {
        try {
          if (!reading.result) keys.put(made, name);
        } catch {
          // Lockdown Mode and private tabs of iOS store no keys.
          transaction.abort();
        }
      };
      transaction.onabort = reject;
      transaction.oncomplete = () => {
        opening.result.close();
        resolve({ pair: reading.result ?? made, isStored: !!reading.result });
      };
    };
  });
}

async function keyOf({ publicKey, privateKey }: CryptoKeyPair, isStored: boolean): Promise<DeviceKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  /** The lead of each origin's clock over the device's clock. */
  const aheadMs = new Map<string, number>();

  async function prove(htm: string, { origin, pathname }: URL, accessToken: string | null): Promise<string> {
    const claims = {
      jti: crypto.randomUUID(),
      htm,
      htu: origin + pathname,
      iat: Math.floor((Date.now() + (aheadMs.get(origin) ?? 0)) / 1000),
      ...(accessToken && { ath: base64url(await crypto.subtle.digest('SHA-256', utf8(accessToken))) }),
    };
    const signed = `${json({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })}.${json(claims)}`;
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, utf8(signed));
    return `${signed}.${base64url(signature)}`;
  }

  return {
    isStored,
    async send(request, accessToken, fetch) {
      const url = new URL(request.url);
      for (let isLast = false; ; isLast = true) {
        const attempt = isLast ? request : request.clone();
        attempt.headers.set('DPoP', await prove(request.method, url, accessToken));
        const answer = await fetch(attempt);
        const date = Date.parse(answer.headers.get('Date') ?? '');
        const isRefused = answer.headers.get('WWW-Authenticate')?.includes('invalid_dpop_proof');
        const isInTime = Math.abs(date - Date.now() - (aheadMs.get(url.origin) ?? 0)) < SLACK_MS;
        // An answer without a `Date`, such as from a mock, does not correct the clock.
        if (isLast || !isRefused || isInTime || Number.isNaN(date)) return answer;
        aheadMs.set(url.origin, date - Date.now());
      }
    },
  };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function json(value: object): string {
  return base64url(utf8(JSON.stringify(value)));
}
