/** A key management service that cannot be used. The message is a sentence, without a secret. */
export class KeyManagementError extends Error {
  override readonly name = 'KeyManagementError';
}

/** What is wrapped: it is unwrapped for this context only. */
export interface Wrapping {
  readonly text: string;
  /** Authenticated, not stored with it. */
  readonly context: string;
}

/** Wraps the secrets of the key ring. Used at boot and when a key is added, never per person. */
export interface KeyManagement {
  /** @param plain base64url @throws KeyManagementError */
  wrap(plain: readonly Wrapping[]): Promise<readonly string[]>;
  /** @returns base64url @throws KeyManagementError */
  unwrap(wrapped: readonly Wrapping[]): Promise<readonly string[]>;
}
