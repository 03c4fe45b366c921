/**
 * Prefixes of offered subprotocols that hold credentials: a browser lets a page choose the subprotocols of a WebSocket,
 * and no header (ADR 0058). Access tokens and DPoP proofs have the characters of a subprotocol (RFC 6455, section 4.1).
 */
const TOKEN_PREFIX = 'countersign.token.';
const PROOF_PREFIX = 'countersign.dpop.';

/** What a client offers in `Sec-WebSocket-Protocol`. */
export interface SocketOffer {
  readonly accessTokens: readonly string[];
  readonly proofs: readonly string[];
  /** The header for the service, without credentials; empty when nothing else was offered. */
  readonly forService: string;
}

/** @param values of all `Sec-WebSocket-Protocol` headers: several count as one list (RFC 6455, section 11.3.4) */
export function readSocketOffer(values: readonly string[]): SocketOffer {
  const entries = values.flatMap((value) => value.split(',')).map((entry) => entry.trim());
  const behind = (prefix: string): string[] =>
    entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
  const others = entries.filter(
    (entry) => entry !== '' && !entry.startsWith(TOKEN_PREFIX) && !entry.startsWith(PROOF_PREFIX),
  );
  return { accessTokens: behind(TOKEN_PREFIX), proofs: behind(PROOF_PREFIX), forService: others.join(', ') };
}
