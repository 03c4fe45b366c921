export type SendFailure =
  /** `checkUrl` refuses the URL. */
  | 'refused_url'
  /** The name resolves to an address that may not be called. */
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
  /** The connections of this receiver are in use: nothing was sent. */
  | 'busy'
  /** The client was closed: what was sent is not known. */
  | 'closed';

export type SendResult =
  | {
      readonly kind: 'answered';
      /** Any, 3xx included. */
      readonly status: number;
      /** What `Retry-After` asks for, at most 24 hours; null without a valid one. */
      readonly retryAfterSeconds: number | null;
    }
  | { readonly kind: 'failed'; readonly reason: SendFailure };

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

/** Of OpenSSL's checks of certificates, and of the handshake. */
const TLS =
  /^(?:ERR_(?:TLS|SSL)_|EPROTO$|UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|PATH_LENGTH_|ERROR_IN_|CRL_)/;

/** The reason of what undici rejects with. */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendError) return error.reason;
  const { code = '', name, syscall, errors } = error as NodeJS.ErrnoException & { readonly errors?: unknown };
  if (code === 'UND_ERR_INVALID_ARG' || error instanceof TypeError) throw error;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  // Several addresses were tried.
  if (syscall === 'connect' || Array.isArray(errors)) return 'connect';
  if (TLS.test(code)) return 'tls';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large_headers';
  if (name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'invalid_http';
  return 'reset';
}
