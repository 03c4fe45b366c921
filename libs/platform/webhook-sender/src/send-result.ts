/** Why there is no status. */
export type SendFailure =
  /** `checkUrl` refuses the URL. */
  | 'refused_url'
  /** The name resolves to an address that may not be called. */
  | 'refused_address'
  /** The name does not resolve, or not in time. */
  | 'dns'
  /** No TCP connection. */
  | 'connect'
  /** The certificate is not valid for the name, or the handshake fails. */
  | 'tls'
  /** The status did not arrive before the deadline. */
  | 'timeout'
  /** The receiver closed the connection before it sent a status. */
  | 'reset'
  | 'too_large_headers'
  | 'invalid_http'
  /** The connections of this receiver were in use up to the deadline: nothing was sent. */
  | 'busy'
  /** The client was closed: what was sent is not known. */
  | 'closed';

/** The outcome of one attempt. */
export type SendResult =
  | {
      readonly kind: 'answered';
      /** Any, 3xx included. */
      readonly status: number;
      /** What `Retry-After` asks for, at most 24 hours; null without a valid one. */
      readonly retryAfterSeconds: number | null;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly reason: SendFailure; readonly durationMs: number };
