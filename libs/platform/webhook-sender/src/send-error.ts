import type { SendFailure } from './send-result';

/** Ends an attempt with its reason. */
export class SendError extends Error {
  override readonly name = 'SendError';

  constructor(
    readonly reason: SendFailure,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

/**
 * The reason of what undici rejects with.
 * @throws what is a fault of the caller, such as a header that is not valid
 */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendError) return error.reason;
  const { code, name } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_INVALID_ARG' || error instanceof TypeError) throw error;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large_headers';
  if (name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'invalid_http';
  return 'reset';
}
