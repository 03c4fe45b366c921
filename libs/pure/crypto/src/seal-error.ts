const MESSAGES = {
  /** No envelope, or not in its canonical spelling. */
  malformed: 'the sealed value is malformed',
  unknown_key: 'the sealed value is under an unknown key',
  /** Changed, moved to another row, or sealed under another key with this id. */
  tampered: 'the sealed value does not authenticate',
};

/** A sealed value cannot be opened. The message has the code, and nothing of the value or the key. */
export class SealError extends Error {
  override readonly name = 'SealError';

  /** @param keyId for `unknown_key`: the id that the value names */
  constructor(
    readonly code: keyof typeof MESSAGES,
    readonly keyId?: string,
  ) {
    super(MESSAGES[code]);
  }
}

/** `null` for a value that cannot be opened. Other errors are thrown. */
export function unlessSealed<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
