export type SendFailure =
  /** `checkUrl` refuses the URL. */
  | 'refused_url'
  /** The name resolves to an address that must not be called. */
  | 'refused_address'
  /** The name does not resolve, or not in time. */
  | 'dns'
  | 'connect'
  /** The certificate is not valid for the name, or the handshake fails. */
  | 'tls'
  /** The status did not arrive before the deadline. */
  | 'timeout'
  /** The receiver closed the connection before it sent a status. */
  | 'reset'
  | 'too_large_headers'
  | 'invalid_http'
  /** All connections to this receiver are in use. Nothing was sent. */
  | 'busy'
  /** The client was closed. It is unknown what was sent. */
  | 'closed';

export type SendResult =
  | {
      readonly kind: 'answered';
      /** Any status, also 3xx. */
      readonly status: number;
      /** The value of `Retry-After`, at most 24 hours; null without a valid value. */
      readonly retryAfterSeconds: number | null;
    }
  | { readonly kind: 'failed'; readonly reason: SendFailure };

export class SendError extends Error {
  override readonly name = 'SendError';

  constructor(
    readonly reason: SendFailure,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

const TLS =
  /^(?:ERR_(?:TLS|SSL)_|EPROTO$|UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|PATH_LENGTH_|ERROR_IN_|CRL_)/;

/** The reason for an error of undici. */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendError) return error.reason;
  const { code = '', name, syscall, errors } = error as NodeJS.ErrnoException & { readonly errors?: unknown };
  if (code === 'UND_ERR_INVALID_ARG' || error instanceof TypeError) throw error;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  // undici has tried several addresses.
  if (syscall === 'connect' || Array.isArray(errors)) return 'connect';
  if (TLS.test(code)) return 'tls';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large_headers';
  if (name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'invalid_http';
  return 'reset';
}
