import type { Result } from '@countersign/errors';

/** A signature to check: by HMAC-SHA256 or Ed25519, as the key says. */
export interface SignatureCheck<Key> {
  readonly key: Key;
  /** Signed as its UTF-8 bytes. */
  readonly text: string;
  readonly signature: Uint8Array;
}

/**
 * A verification that stops at each signature and goes on with whether it is right. So the same rules run in Node, where a check
 * answers at once, and in browsers, whose cryptography answers with promises.
 */
export type Verification<Key, T, Code extends string> = Generator<
  SignatureCheck<Key>,
  Result<T, Code>,
  boolean
>;
