/**
 * Why a sealed value does not open.
 * - `malformed`: not an envelope, or not in its canonical spelling;
 * - `unknown_key`: sealed under a key that the caller does not have;
 * - `tampered`: changed, moved to another row, or sealed under another key of that id.
 */
type SealErrorCode = 'malformed' | 'unknown_key' | 'tampered';

const MESSAGES: Readonly<Record<SealErrorCode, string>> = {
  malformed: 'the sealed value is malformed',
  unknown_key: 'the sealed value is under an unknown key',
  tampered: 'the sealed value does not authenticate',
};

/** A sealed value does not open. The message has the code, and nothing of the value or the key. */
export class SealError extends Error {
  override readonly name = 'SealError';

  /** @param keyId that the value names, of `unknown_key` */
  constructor(
    readonly code: SealErrorCode,
    readonly keyId?: string,
  ) {
    super(MESSAGES[code]);
  }
}

/** What `work` answers; `null` for what cannot be opened. Other errors are thrown. */
export function unlessSealed<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
