import type { webcrypto } from 'node:crypto';
import { decodeHex, type Result } from '@countersign/text';
import type { SignatureCheck, SignatureTest } from '@countersign/proofs';

type CryptoKey = webcrypto.CryptoKey;

const { subtle } = globalThis.crypto;
const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const encoder = new TextEncoder();

/**
 * Runs a synchronous verifier with the asynchronous cryptography of Node and browsers. The verifier runs again after
 * each answer, until all its signatures have one.
 */
export async function conclude<T, Code extends string>(
  verify: (test: SignatureTest<CryptoKey>) => Result<T, Code>,
): Promise<Result<T, Code>> {
  const answers: boolean[] = [];
  for (;;) {
    const asked: SignatureCheck<CryptoKey>[] = [];
    const result = verify((check) => answers[asked.push(check) - 1] ?? false);
    const next = asked[answers.length];
    if (!next) return result;
    answers.push(await isRight(next));
  }
}

function isRight({ key, text, signature }: SignatureCheck<CryptoKey>): Promise<boolean> {
  return subtle.verify(key.algorithm.name, key, Uint8Array.from(signature), encoder.encode(text));
}

/** Returns the keys of a bot's init data: the HMAC of its token under a constant. */
export function initDataKeys(botToken: string | readonly string[]): Promise<CryptoKey[]> {
  return keysOf(botToken, async (token) => {
    const constant = await subtle.importKey('raw', encoder.encode('WebAppData'), HMAC, false, ['sign']);
    return subtle.sign('HMAC', constant, token);
  });
}

/** Returns the keys of a bot's Login Widget: the SHA-256 of its token. */
export function loginWidgetKeys(botToken: string | readonly string[]): Promise<CryptoKey[]> {
  return keysOf(botToken, (token) => subtle.digest('SHA-256', token));
}

export function rapidpaceKeys(secret: string | readonly string[]): Promise<CryptoKey[]> {
  return keysOf(secret, (bytes) => bytes);
}

/** @throws RangeError for an empty secret, which proves nothing, and for a secret without a UTF-8 form */
function keysOf(
  secrets: string | readonly string[],
  derive: (secret: Uint8Array<ArrayBuffer>) => webcrypto.BufferSource | Promise<webcrypto.BufferSource>,
): Promise<CryptoKey[]> {
  return Promise.all(
    [secrets].flat().map(async (secret) => {
      if (!secret || !secret.isWellFormed())
        throw new RangeError('a secret must be well-formed text, not empty');
      return subtle.importKey('raw', await derive(Uint8Array.from(encoder.encode(secret))), HMAC, false, [
        'verify',
      ]);
    }),
  );
}

/** @param hex the Ed25519 key in 64 hex digits */
export function publicKey(hex: string): Promise<CryptoKey> {
  return subtle.importKey('raw', decodeHex(hex), 'Ed25519', false, ['verify']);
}
